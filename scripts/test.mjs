// npm test: installs and builds what is missing, starts the services that tests need, and runs the tests. npm run test:long
// adds the long tests.
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
      say(`${name} is not available: ${reason}. Tests that need it are skipped.`);
    if (Object.keys(missing).length > 0 && process.env['VIGILANT_REQUIRE_SERVICES'] === '1')
      throw new Error('VIGILANT_REQUIRE_SERVICES=1, but not all services can be started.');
    say(isLong ? 'running all tests, including the long ones' : 'running the tests');
    const startable = Object.keys(SERVICES).filter((key) => !(SERVICES[key].name in missing));
    const env = {
      ...process.env,
      ...addresses,
      VIGILANT_TEST_STARTABLE: startable.join(','),
      ...(isLong ? { VIGILANT_LONG: '1' } : {}),
    };
    return await runTool('vitest', ['run', ...rest], { env });
  } finally {
    say('stopping the services');
    await stop();
  }
});
