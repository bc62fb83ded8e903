// Runs an engine that deletes events after an hour. For each line of its input, it advances the clock of the engine to the next run
// of retention, waits for its end, and prints the status of retention as JSON.
// Argument: the path of the database.
import { createManualClock, createVigilant } from '@vigilant/core';
import { createSqliteStore } from '@vigilant/store-sqlite';
import { createInterface } from 'node:readline';

const [path = ''] = process.argv.slice(2);
const clock = createManualClock();
const vigilant = createVigilant({ store: createSqliteStore(path), clock, retention: { maxAge: '1h' } });
await vigilant.open();
console.log('open');
for await (const _ of createInterface({ input: process.stdin })) {
  await clock.advance((await untilIdle()) - clock.now());
  await untilIdle();
  console.log(JSON.stringify((await vigilant.status()).retention));
}
await vigilant.close();

/** Waits while retention runs. Returns the time of the next run. */
async function untilIdle(): Promise<number> {
  for (;;) {
    const { retention } = await vigilant.status();
    if (retention?.nextRunAt !== undefined) return retention.nextRunAt;
  }
}
