import type { StoredEvent } from '@vigilant/core';
import type { BrokenStore } from './broken-store';
import { changePages } from './broken-store';

/** Number of events from which these stores behave wrongly. */
const MANY = 1_000;

/** Sorts the events of a page by time if they are of large batches. */
const sortMany = (compare: (a: StoredEvent, b: StoredEvent) => number): BrokenStore['change'] =>
  changePages((events, { order }) =>
    order === 'arrival' || events.length < 500 ? events : [...events].sort(compare),
  );

/** Stores that keep large batches in a form of their own, and break a guarantee there. */
export const STORES_WITH_BROKEN_BATCHES: readonly BrokenStore[] = [
  {
    name: 'forgets the ids of events when a large batch repeats them',
    change: (store) => ({
      async append(batch) {
        const result = await store.append(batch);
        if (batch.length < MANY) return result;
        return { ...result, inserted: result.inserted + result.duplicates, duplicates: 0 };
      },
    }),
    fails: ['store/large/duplicates'],
  },
  {
    name: 'keeps whole thousands of events',
    change: (store) => ({
      prune: async ({ maxEvents, ...policy }) => {
        const isLarge = maxEvents !== undefined && maxEvents > MANY;
        const kept = isLarge ? Math.ceil(maxEvents / MANY) * MANY : maxEvents;
        return (await store.prune?.({
          ...policy,
          ...(kept === undefined ? {} : { maxEvents: kept }),
        })) as never;
      },
    }),
    fails: ['store/large/prune'],
  },
  {
    name: 'shows a large batch beyond asOf',
    change: (store) => ({
      async query(query) {
        if (query.asOf === undefined || query.asOf < MANY) return store.query(query);
        const page = await store.query({ ...query, asOf: query.asOf + 1 });
        return { ...page, asOf: query.asOf };
      },
    }),
    fails: ['store/large/as-of'],
  },
  {
    name: 'does not sort large batches by time',
    change: sortMany((a, b) => a.sequence - b.sequence),
    fails: ['store/large/late-events', 'store/large/as-of'],
  },
  {
    name: 'sorts equal times of large batches by id',
    change: sortMany((a, b) => (a.timestamp === b.timestamp ? (a.id < b.id ? -1 : 1) : 0)),
    fails: ['store/large/equal-times', 'store/large/late-events', 'store/large/as-of'],
  },
];
