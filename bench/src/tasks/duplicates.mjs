// Logs events that are already stored, after a restart: all in order, then a tenth of them, spread over the store.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { asTask } from '../child.mjs';
import { createDataSet } from '../data-sets.mjs';
import { generateAll, logAll } from '../feed.mjs';
import { assertEqual, inFolder, timed } from '../measure.mjs';

const SCATTERED_SHARE = 0.1;
/** Distance of consecutive events in the scattered order. Coprime to the usual sizes. */
const STRIDE = 7_919;

await asTask((options) =>
  inFolder(async (folder) => {
    const dataSet = createDataSet(options);
    const { count } = dataSet;
    const unique = dataSet.countUnique();
    const generator = await timed(() => generateAll(dataSet));
    const log = (total, duplicates, numberOf) =>
      logInto(folder, { dataSet, total, numberOf }, { unique, duplicates });
    const first = await log(count, count - unique);
    const again = await log(count, count);
    const some = Math.floor(count * SCATTERED_SHARE);
    const scattered = await log(some, some, (n) => (n * STRIDE) % count);
    return { first, again, scattered, generator: generator.cpuSeconds / count };
  }),
);

/** Opens the folder, logs the data set, and returns the cost per event. */
async function logInto(folder, { dataSet, total, numberOf }, { unique, duplicates }) {
  const vigilant = createVigilant(sqlite(folder));
  await vigilant.open();
  const run = await timed(async () => {
    await logAll(vigilant, dataSet, total, numberOf);
    await vigilant.flush({ timeoutMs: 600_000 });
  });
  const { store, scheduler } = await vigilant.status();
  assertEqual(store.events, unique, 'events stored');
  assertEqual(scheduler.duplicates, duplicates, 'duplicates recognised');
  assertEqual(scheduler.deadLetters, 0, 'dead letters');
  const closing = await timed(() => vigilant.close());
  return { cpu: (run.cpuSeconds + closing.cpuSeconds) / total, perSecond: total / run.seconds };
}
