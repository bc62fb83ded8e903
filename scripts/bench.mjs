// npm run bench: builds the packages and runs the benchmarks. `-- <part> --events n` runs one part.
import { ensureBuilt, ensureInstalled, main, run } from './lib/setup.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return run(process.execPath, ['--expose-gc', 'bench/src/main.mjs', ...process.argv.slice(2)]);
});
