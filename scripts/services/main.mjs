// npm run services [kafka] [mariadb] [mysql] [chromium] [xvfb]: runs the services on loopback until Ctrl+C, by default all.
import { ensureInstalled, main, say } from '../lib/setup.mjs';
import { SERVICES, startServices } from './all.mjs';

await main(async () => {
  await ensureInstalled();
  const asked = process.argv.slice(2);
  const unknown = asked.find((key) => !Object.hasOwn(SERVICES, key));
  if (unknown !== undefined)
    throw new Error(`Unknown service "${unknown}". Valid services: ${Object.keys(SERVICES).join(', ')}.`);
  const { addresses, missing, stop } = await startServices(asked.length > 0 ? asked : Object.keys(SERVICES));
  for (const [name, reason] of Object.entries(missing)) say(`${name} cannot be started: ${reason}`);
  say('variables for tests:');
  for (const [variable, address] of Object.entries(addresses)) console.log(`export ${variable}=${address}`);
  say('Ctrl+C stops them and deletes their data');
  await new Promise((resolve) => {
    // Detached servers do not keep this process alive.
    const hold = setInterval(() => {}, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => {
        clearInterval(hold);
        resolve();
      });
  });
  await stop();
});
