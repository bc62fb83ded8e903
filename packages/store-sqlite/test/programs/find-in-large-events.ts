// Stores large events, searches all of them for a number that none contains, and prints what the search took.
// Arguments: the path of the store, the number of events, the length of the text in each.
import { createTestContext } from '@vigilant/conformance';
import type { Event } from '@vigilant/core';
import { createSqliteStore } from '@vigilant/store-sqlite';

const [path = '', count = '0', length = '0'] = process.argv.slice(2);
const BATCH = 20;

const store = createSqliteStore(path);
await store.open(createTestContext());
const now = Date.now();
const text = 'x'.repeat(Number(length));
const createEvent = (n: number): Event => ({
  id: `event-${n}`,
  message: 'a large event',
  level: 'INFO',
  severity: 0,
  timestamp: now,
  receivedAt: now,
  origin: '',
  source: '',
  type: 'log',
  group: 'default',
  tags: [],
  data: { n, text },
});
for (let start = 0; start < Number(count); start += BATCH)
  await store.append(Array.from({ length: BATCH }, (_, index) => createEvent(start + index)));

const before = process.memoryUsage.rss();
let peak = before;
const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 2);
const page = await store.query({
  // No index excludes a comparison, so that the text of every event is read.
  filter: { kind: 'data', path: ['text'], test: { operator: '>', number: 1e9 } },
  order: 'newest',
  limit: 100,
  maxBytes: 1024 * 1024,
});
clearInterval(sampler);
await store.close();
const grownMiB = Math.round((peak - before) / 1024 / 1024);
console.log(
  JSON.stringify({ complete: page.complete, found: page.events.length, ...page.statistics, grownMiB }),
);
