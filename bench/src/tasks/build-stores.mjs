// Fills a folder with a data set: as an application stores it, and as plain rows if `raw` is set.
import { join } from 'node:path';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { asTask } from '../child.mjs';
import { createDataSet } from '../data-sets.mjs';
import { logAll } from '../feed.mjs';
import { F1_BATCH, openRaw, toRows } from '../floors.mjs';
import { assertEqual, folderBytes } from '../measure.mjs';

await asTask(async ({ folder, raw, ...options }) => {
  const dataSet = createDataSet(options);
  const unique = dataSet.countUnique();
  const vigilant = createVigilant(sqlite(folder));
  await logAll(vigilant, dataSet);
  await vigilant.flush({ timeoutMs: 600_000 });
  assertEqual((await vigilant.status()).store.events, unique, 'events stored');
  await vigilant.close();
  const bytes = folderBytes(folder);
  if (raw) {
    const rows = openRaw(join(folder, 'floor.db'));
    for (const inputs of dataSet.chunks(F1_BATCH)) rows.insert(toRows(inputs));
    assertEqual(rows.count(), unique, 'rows of the floor');
    rows.close();
  }
  return { unique, bytes };
});
