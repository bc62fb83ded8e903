// Generates a data set and does nothing with it.
import { asTask } from '../child.mjs';
import { createDataSet } from '../data-sets.mjs';
import { generateAll } from '../feed.mjs';
import { timed } from '../measure.mjs';

await asTask(async (options) => {
  const { seconds, cpuSeconds } = await timed(() => generateAll(createDataSet(options)));
  return { seconds, cpuSeconds };
});
