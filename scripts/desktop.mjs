// npm run desktop: installs and builds what is missing, and runs `vigilant desktop` with the arguments after `--`.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, ensureBuilt, ensureInstalled, main } from './lib/setup.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const program = join(ROOT, 'packages', 'cli', 'dist', 'main.js');
  process.argv.splice(1, 1, program, 'desktop');
  await import(pathToFileURL(program).href);
});
