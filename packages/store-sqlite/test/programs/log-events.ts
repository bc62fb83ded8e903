// Logs events and prints the id of each accepted one, until it is terminated.
// Arguments: the folder, the prefix of the ids, the number of concurrent loops, the batch interval in milliseconds, the number
// of events, the limits of blocks as JSON.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockLimits } from '../../src/blocks/block-limits';
import { createStore } from '../../src/host/sqlite-store';
import { resolveStoreOptions } from '../../src/host/store-options';

const [folder = '', prefix = '', loops = '1', intervalMs = '200', events = '1000000', limits] =
  process.argv.slice(2);

const adapters = sqlite(folder);
const blockLimits = limits === undefined ? undefined : (JSON.parse(limits) as BlockLimits);
const store = createStore(join(folder, 'events.db'), resolveStoreOptions({}), blockLimits);

const vigilant = createVigilant({
  ...adapters,
  store,
  batch: { intervalMs: Number(intervalMs) },
  onDiagnostic: ({ level, component, message }) =>
    void process.stderr.write(`${level} ${component} ${message}\n`),
});
let isStopping = false;
let count = 0;

async function logUntilStopped(): Promise<void> {
  while (!isStopping && count < Number(events)) {
    count += 1;
    const id = `${prefix}-${count}`;
    try {
      await vigilant.log({ id, message: `event ${id} of a program that may be killed`, data: { count } });
      // Synchronous, so that the parent process can read it even after this process is killed.
      writeSync(1, `${id}\n`);
    } catch (error) {
      process.stderr.write(`${id} ${String(error)}\n`);
    }
  }
}

process.once('SIGTERM', () => (isStopping = true));
await vigilant.open();
await Promise.all(Array.from({ length: Number(loops) }, logUntilStopped));
const { stored, left, lost } = await vigilant.close();
process.stderr.write(`closed ${JSON.stringify({ stored, left, lost })}\n`);
