// F1: inserts a data set as plain rows. The preparation of the rows is not measured.
import { join } from 'node:path';
import { asTask } from '../child.mjs';
import { createDataSet } from '../data-sets.mjs';
import { F1_BATCH, openRaw, toRows } from '../floors.mjs';
import { assertEqual, createStopwatch, folderBytes, inFolder, timed } from '../measure.mjs';
import { bytesWrittenBy } from '../process-usage.mjs';

await asTask((options) =>
  inFolder(async (folder) => {
    const dataSet = createDataSet(options);
    const raw = openRaw(join(folder, 'floor.db'));
    const watch = createStopwatch();
    for (const inputs of dataSet.chunks(F1_BATCH)) {
      const rows = toRows(inputs);
      watch.start();
      raw.insert(rows);
      watch.stop();
    }
    const unique = dataSet.countUnique();
    assertEqual(raw.count(), unique, 'rows of the floor');
    const closing = await timed(async () => raw.close());
    return {
      seconds: watch.seconds,
      cpuSeconds: watch.cpuSeconds + closing.cpuSeconds,
      bytes: folderBytes(folder) / unique,
      written: bytesWrittenBy(process.pid) / unique,
    };
  }),
);
