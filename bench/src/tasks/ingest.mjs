// Logs a data set into an embedded, durable engine, as an application does.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { asTask } from '../child.mjs';
import { createDataSet } from '../data-sets.mjs';
import { logAll } from '../feed.mjs';
import { assertEqual, folderBytes, inFolder, loopDelay, timed } from '../measure.mjs';
import { bytesWrittenBy } from '../process-usage.mjs';

const FLUSH_MS = 600_000;

/** The journal returns the space of a backlog a few seconds after the backlog is gone. */
const SMALL_JOURNAL_BYTES = 4e6;
const MAX_WAIT_MS = 20_000;
const POLL_MS = 500;

async function journalIsSmall(folder) {
  const end = performance.now() + MAX_WAIT_MS;
  const file = join(folder, 'journal.db');
  while (statSync(file).size > SMALL_JOURNAL_BYTES && performance.now() < end) await sleep(POLL_MS);
}

await asTask((options) =>
  inFolder(async (folder) => {
    const dataSet = createDataSet(options);
    const unique = dataSet.countUnique();
    const vigilant = createVigilant(sqlite(folder));
    await vigilant.open();
    let delay;
    let accepted;
    const run = await timed(async () => {
      accepted = await timed(async () => {
        delay = await loopDelay(() => logAll(vigilant, dataSet));
      });
      const { complete } = await vigilant.flush({ timeoutMs: FLUSH_MS });
      assertEqual(complete, true, 'flush complete');
    });
    const { store, scheduler } = await vigilant.status();
    assertEqual(store.events, unique, 'events stored');
    assertEqual(scheduler.duplicates, options.count - unique, 'repeated ids recognised');
    assertEqual(scheduler.deadLetters, 0, 'dead letters');
    // What the engine defers to its end belongs to the cost of the events.
    const closing = await timed(async () => {
      await journalIsSmall(folder);
      await vigilant.close();
    });
    return {
      seconds: run.seconds,
      acceptSeconds: accepted.seconds,
      cpuSeconds: run.cpuSeconds + closing.cpuSeconds,
      bytes: folderBytes(folder) / unique,
      written: bytesWrittenBy(process.pid) / unique,
      delay,
    };
  }),
);
