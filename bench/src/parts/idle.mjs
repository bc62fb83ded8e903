import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inChild } from '../child.mjs';
import { inFolder } from '../measure.mjs';
import { memoryOf } from '../process-usage.mjs';
import { ratioRow } from '../rows.mjs';
import { SERVER, startServer } from '../server.mjs';

const IDLE_MS = 20_000;
const SETTLE_MS = 3_000;
const ENGINES = 4;
const BLOCK_BYTES = 512;

/** Measures what an idle engine and an idle server cost. */
export async function idle() {
  const row = (what, value, rest) => ratioRow({ what, durability: '', pairs: [{ ours: value }], ...rest });
  const one = await inFolder((folder) => idlePercent(folder, 1));
  const four = await inFolder((folder) => idlePercent(folder, ENGINES));
  const server = await inFolder(measureServer);
  return [
    row('idle CPU of one engine', one.percent, { unit: '% of a core', digits: 2, limit: 0.2 }),
    row(`idle CPU of ${ENGINES} engines on one folder`, four.percent, {
      unit: '% of a core',
      digits: 2,
      limit: 1,
    }),
    row('data folder of an event', one.bytes / 1e6, { unit: 'MB', digits: 2, limit: 1 }),
    row('start of the server to its addresses', server.readyMs, { unit: 'ms', limit: 500 }),
    row('resident memory of the server after its start', server.resident / 1e6, { unit: 'MB', limit: 90 }),
  ];
}

async function idlePercent(folder, engines) {
  const start = () => inChild('idle', { folder, idleMs: IDLE_MS });
  const results = await Promise.all(Array.from({ length: engines }, start));
  return { percent: results.reduce((sum, { percent }) => sum + percent, 0), bytes: allocatedBytes(folder) };
}

/** Returns the bytes that the files of a folder take on disk, with the reserved space. */
function allocatedBytes(folder) {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).blocks * BLOCK_BYTES);
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function measureServer(folder) {
  const started = performance.now();
  const server = await startServer(SERVER, { VIGILANT_DATA: folder });
  const readyMs = performance.now() - started;
  await sleep(SETTLE_MS);
  const { resident } = memoryOf(server.pid);
  await server.stop();
  return { readyMs, resident };
}
