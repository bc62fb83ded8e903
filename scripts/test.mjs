// npm test: sets up whatever is missing and runs every test. npm run test:long adds those that take longer.
import { ensureBuilt, ensureInstalled, main, runTool, say } from './lib/setup.mjs';

await main(async () => {
  const isLong = process.argv.includes('--long');
  const rest = process.argv.slice(2).filter((argument) => argument !== '--long');
  await ensureInstalled();
  await ensureBuilt();
  say(isLong ? 'running all tests, the long ones too' : 'running the tests');
  const env = { ...process.env, ...(isLong ? { VIGILANT_LONG: '1' } : {}) };
  return runTool('vitest', ['run', ...rest], { env });
});
