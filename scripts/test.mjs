// npm test: sets up whatever is missing, starts the servers that tests need, and runs every test. npm run test:long adds
// those that take longer.
import { ensureBuilt, ensureInstalled, main, runTool, say } from './lib/setup.mjs';
import { SERVICES, startServices } from './services/all.mjs';

await main(async () => {
  const isLong = process.argv.includes('--long');
  const rest = process.argv.slice(2).filter((argument) => argument !== '--long');
  await ensureInstalled();
  await ensureBuilt();
  const { addresses, missing, stop } = await startServices(Object.keys(SERVICES));
  try {
    for (const [name, reason] of Object.entries(missing))
      say(`WITHOUT ${name}: ${reason}. Tests that need it are skipped.`);
    if (Object.keys(missing).length > 0 && process.env['VIGILANT_REQUIRE_SERVICES'] === '1')
      throw new Error('VIGILANT_REQUIRE_SERVICES=1, and not all services can be started.');
    say(isLong ? 'running all tests, the long ones too' : 'running the tests');
    const startable = Object.keys(SERVICES).filter((key) => !(SERVICES[key].name in missing));
    const env = {
      ...process.env,
      ...addresses,
      VIGILANT_TEST_STARTABLE: startable.join(','),
      ...(isLong ? { VIGILANT_LONG: '1' } : {}),
    };
    return await runTool('vitest', ['run', ...rest], { env });
  } finally {
    say('stopping the servers');
    await stop();
  }
});
