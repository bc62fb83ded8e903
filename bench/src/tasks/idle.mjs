// Opens an engine on a folder, logs an event, and returns the CPU usage of the idle process.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { asTask } from '../child.mjs';
import { idlePercent } from '../measure.mjs';

await asTask(async ({ folder, idleMs }) => {
  const vigilant = createVigilant(sqlite(folder));
  await vigilant.log({ message: 'once' });
  await vigilant.flush({ timeoutMs: 20_000 });
  const percent = await idlePercent(idleMs);
  await vigilant.close();
  return { percent };
});
