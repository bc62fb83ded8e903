// Logs events one after another, says which were accepted, and goes on until it is ended.
// Arguments: the folder, the prefix of the ids, how many run at once, the interval in milliseconds.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { writeSync } from 'node:fs';

const [folder = '', prefix = '', loops = '1', intervalMs = '200', most = '1000000'] = process.argv.slice(2);

const vigilant = createVigilant({
  ...sqlite(folder),
  batch: { intervalMs: Number(intervalMs) },
  onDiagnostic: ({ level, component, message }) =>
    void process.stderr.write(`${level} ${component} ${message}\n`),
});
let isStopping = false;
let count = 0;

async function logUntilStopped(): Promise<void> {
  while (!isStopping && count < Number(most)) {
    count += 1;
    const id = `${prefix}-${count}`;
    try {
      await vigilant.log({ id, message: `event ${id} of a program that may be killed`, data: { count } });
      // A pipe that is written at once is read even when this process dies.
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
