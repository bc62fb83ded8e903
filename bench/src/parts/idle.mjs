import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inChild } from '../child.mjs';
import { START_MS, inFolder } from '../measure.mjs';
import { memoryOf } from '../process-usage.mjs';
import { ratioRow } from '../rows.mjs';
import { SERVER, startServer } from '../server.mjs';

const IDLE_MS = 20_000;
const ENGINES = 4;
const BLOCK_BYTES = 512;

/** The threads of the SQLite store and of its broker. */
const THREADS = 3;

const WHY_MEMORY =
  'The floor is a process with three threads that loads the gRPC libraries but no code of Vigilant. Each thread of ' +
  'Node.js takes 8 to 12 MB, and the libraries 17 MB. Without a reading thread, queries would wait for writes.';

/** Measures what an idle engine and an idle server cost, compared with a Node.js process with the same number of threads. */
export async function idle() {
  const row = (what, pair, rest) => ratioRow({ what, durability: '', pairs: [pair], ...rest });
  const one = await inFolder((folder) => measureEngines(folder, 1));
  const four = await inFolder((folder) => measureEngines(folder, ENGINES));
  const server = await inFolder(measureServer);
  const percent = { unit: '% of a core', digits: 2, floorName: 'bare threads' };
  return [
    row('idle CPU of one engine', one.percent, { ...percent, limit: 0.2 }),
    row(`idle CPU of ${ENGINES} engines on one folder`, four.percent, { ...percent, limit: 1 }),
    row('data folder of an event', { ours: one.bytes / 1e6 }, { unit: 'MB', digits: 2, limit: 1 }),
    row('start of the server to its addresses', { ours: server.readyMs }, { unit: 'ms', limit: 500 }),
    row(
      'resident memory of the server after its start',
      { ours: server.resident / 1e6, floor: one.bareResident / 1e6 },
      { unit: 'MB', limit: 90, floorName: 'bare threads', why: WHY_MEMORY },
    ),
  ];
}

async function measureEngines(folder, engines) {
  const times = (count, task, options) =>
    Promise.all(Array.from({ length: count }, () => inChild(task, { ...options, idleMs: IDLE_MS })));
  const [results, floors] = await Promise.all([
    times(engines, 'idle', { folder }),
    times(engines, 'idle-threads', { threads: THREADS }),
  ]);
  const total = (list) => list.reduce((sum, { percent }) => sum + percent, 0);
  return {
    percent: { ours: total(results), floor: total(floors) },
    bytes: allocatedBytes(folder),
    bareResident: floors[0].resident,
  };
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
  await sleep(START_MS);
  const { resident } = memoryOf(server.pid);
  await server.stop();
  return { readyMs, resident };
}
