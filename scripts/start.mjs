// npm start: sets up whatever is missing and runs the standalone server in this very process.
import { ensureBuilt, ensureInstalled, main, say } from './lib/setup.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  say('starting the standalone server');
  await import('../examples/standalone-server/dist/main.js');
});
