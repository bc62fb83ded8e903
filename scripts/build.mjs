// npm run build: builds every package whose sources changed.
import { ensureBuilt, ensureInstalled, main, say } from './lib/setup.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  say('all packages are built');
});
