// Opens a folder, logs events that stay in the journal, prints `open`, and waits for a signal. SIGTERM closes the engine.
// Arguments: the folder, the prefix of the ids, the number of events, the grace time in milliseconds.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { writeSync } from 'node:fs';

const [folder = '', prefix = '', count = '0', graceMs = '10000'] = process.argv.slice(2);

const vigilant = createVigilant({
  ...sqlite(folder),
  batch: { intervalMs: 600_000 },
  graceMs: Number(graceMs),
  onDiagnostic: ({ level, component, message }) =>
    void process.stderr.write(`${level} ${component} ${message}\n`),
});
await vigilant.open();
for (let n = 1; n <= Number(count); n += 1) {
  await vigilant.log({ id: `${prefix}-${n}`, message: 'an event that stays in the journal' });
  writeSync(1, `${prefix}-${n}\n`);
}
const timer = setInterval(() => {}, 1_000);
process.once('SIGTERM', () => {
  clearInterval(timer);
  const started = performance.now();
  vigilant.log({ message: 'logged while the engine closes' }).catch(() => {});
  void vigilant
    .close()
    .then(() => writeSync(1, `closed after ${Math.round(performance.now() - started)} ms\n`));
});
// From now on, SIGTERM closes the engine.
writeSync(1, 'open\n');
