// Stores the events in the journal of a folder, logs one event meanwhile, and prints counts, durations and memory.
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';

const started = performance.now();
const vigilant = createVigilant({ ...sqlite(process.argv[2] ?? ''), batch: { intervalMs: 1_000 } });
await vigilant.open();
const openedMs = Math.round(performance.now() - started);
await vigilant.log({ message: 'new' });
const acceptedMs = Math.round(performance.now() - started);
while (!(await vigilant.flush({ timeoutMs: 60_000 })).complete);
const seconds = Math.round((performance.now() - started) / 1000);
const { store } = await vigilant.status();
const { left, lost } = await vigilant.close();
const residentMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  JSON.stringify({ events: store?.events, left, lost, openedMs, acceptedMs, seconds, residentMiB }),
);
