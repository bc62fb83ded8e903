// Opens an engine on a folder, logs an event, and returns the CPU usage of the idle process.
import { setTimeout as sleep } from 'node:timers/promises';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { asTask } from '../child.mjs';
import { createStopwatch } from '../measure.mjs';

const SETTLE_MS = 5_000;

await asTask(async ({ folder, idleMs }) => {
  const vigilant = createVigilant(sqlite(folder));
  await vigilant.log({ message: 'once' });
  await vigilant.flush({ timeoutMs: 20_000 });
  await sleep(SETTLE_MS);
  const watch = createStopwatch();
  watch.start();
  await sleep(idleMs);
  watch.stop();
  await vigilant.close();
  return { percent: (watch.cpuSeconds / watch.seconds) * 100 };
});
