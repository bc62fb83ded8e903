import type { Event, Store } from '@vigilant/core';
import type { BrokenStore } from './broken-store';
import { changeEvents, changePages } from './broken-store';

/** Hides events. */
function hide(store: Store, isHidden: (id: string) => boolean): Partial<Store> {
  return {
    get: async (id) => (isHidden(id) ? undefined : store.get(id)),
    ...changePages((events) => events.filter(({ id }) => !isHidden(id)))(store),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Stores that lose or change events. */
export const STORES_THAT_LOSE: readonly BrokenStore[] = [
  {
    name: 'truncates timestamps to milliseconds',
    change: changeEvents((event) => ({ ...event, timestamp: Math.floor(event.timestamp) })),
    fails: [
      'store/get/every-field',
      'store/get/survives-reopen',
      'store/query/every-field',
      'store/filter/ordered',
      'store/histogram/agrees',
      'store/backup/complete',
    ],
  },
  {
    name: 'trims messages',
    change: changeEvents((event) => ({ ...event, message: event.message.trim() })),
    fails: [
      'store/get/every-field',
      'store/get/survives-reopen',
      'store/query/every-field',
      'store/filter/contains',
      'store/filter/text',
      'store/backup/complete',
    ],
  },
  {
    name: 'loses the key __proto__',
    change: changeEvents(({ data: { ['__proto__']: _, ...data }, ...event }) => ({ ...event, data })),
    fails: [
      'store/get/every-field',
      'store/get/survives-reopen',
      'store/query/every-field',
      'store/filter/data',
      'store/backup/complete',
    ],
  },
  {
    name: 'ignores the case of ids',
    change: (store) => ({
      get: async (id) => (await store.get(id)) ?? (await store.get(id.toLowerCase())),
      append: (batch) => store.append(batch.map((event) => ({ ...event, id: event.id.toLowerCase() }))),
    }),
    fails: [
      'store/append/idempotency-property',
      'store/get/ids-are-bytewise',
      'store/filter/id',
      'store/filter/agrees-with-matcher',
    ],
  },
  {
    name: 'drops conflicts silently',
    change: (store) => ({
      async append(batch) {
        const { inserted } = await store.append(batch);
        return { inserted, duplicates: batch.length - inserted, conflicts: [] };
      },
    }),
    fails: [
      'store/append/conflict',
      'store/append/duplicate-in-batch',
      'store/append/idempotency-property',
      'store/large/duplicates',
    ],
  },
  {
    name: 'counts a resent event with another time as a conflict',
    change: (store) => ({
      async append(batch) {
        const known = await Promise.all(batch.map(({ id }) => store.get(id)));
        const result = await store.append(batch);
        const isLate = (index: number): boolean =>
          (known[index]?.timestamp ?? batch[index]?.timestamp) !== batch[index]?.timestamp;
        const conflicts = [...batch.keys()].filter(
          (index) => isLate(index) || result.conflicts.includes(index),
        );
        return { ...result, duplicates: batch.length - result.inserted - conflicts.length, conflicts };
      },
    }),
    fails: ['store/append/same-content', 'store/append/idempotency-property'],
  },
  {
    name: 'keeps the last content of an id',
    change: (store) => {
      const latest = new Map<string, Event>();
      return {
        async append(batch) {
          for (const event of batch) latest.set(event.id, event);
          return store.append(batch);
        },
        async get(id) {
          const found = await store.get(id);
          return found && { ...found, ...latest.get(id) };
        },
      };
    },
    fails: ['store/append/conflict', 'store/append/duplicate-in-batch', 'store/append/idempotency-property'],
  },
  {
    name: 'keeps a part of a failed batch',
    change: (store) => ({
      async append(batch) {
        if (batch.length < 2) return store.append(batch);
        const results = [];
        for (const event of batch) results.push(await store.append([event]));
        const conflicts = results.flatMap((result, index) => (result.conflicts.length > 0 ? [index] : []));
        const inserted = results.filter((result) => result.inserted > 0).length;
        return { inserted, duplicates: batch.length - inserted - conflicts.length, conflicts };
      },
    }),
    fails: ['store/append/atomic', 'store/append/visible-whole', 'store/append/large-visible-whole'],
  },
  {
    name: 'returns an event only at the second get',
    change: (store, ids) => ({
      async append(batch) {
        const result = await store.append(batch);
        if (batch.length === 1) for (const { id } of batch) ids.add(id);
        return result;
      },
      get: async (id) => (ids.delete(id) ? undefined : store.get(id)),
      ...changePages((events) => events.filter(({ id }) => !ids.delete(id)))(store),
    }),
    fails: [
      'store/append/sizes',
      'store/append/same-content',
      'store/append/conflict',
      'store/append/sequence-after-prune',
      'store/append/sequence-after-reopen',
      'store/append/idempotency-property',
      'store/shared/visible',
      'store/filter/agrees-with-matcher',
      'store/paging/stable',
      'store/fault/retryable',
    ],
  },
  {
    name: 'rejects an empty batch',
    change: (store) => ({
      async append(batch) {
        if (batch.length === 0 && (await store.status())) throw new TypeError('The batch is empty.');
        return store.append(batch);
      },
    }),
    fails: ['store/append/empty', 'store/append/idempotency-property'],
  },
  {
    name: 'accepts only a thousand events of a batch',
    change: (store) => ({
      async append(batch) {
        const result = await store.append(batch.slice(0, 1_000));
        return { ...result, inserted: result.inserted + Math.max(0, batch.length - 1_000) };
      },
    }),
    fails: [
      'store/append/sizes',
      'store/append/large-visible-whole',
      'store/query/deadline',
      'store/query/signal',
      'store/large/equal-times',
      'store/large/late-events',
      'store/large/as-of',
      'store/large/duplicates',
      'store/large/prune',
      'store/prune/max-bytes',
      'store/prune/signal-midway',
      'store/backup/complete',
    ],
  },
  {
    name: 'does not detect duplicates in concurrent batches',
    change: (store, ids) => ({
      async append(batch) {
        const known = await Promise.all(batch.map(({ id }) => store.get(id)));
        const racing = batch.filter(({ id }, index) => known[index] === undefined && ids.has(id));
        for (const { id } of batch) ids.add(id);
        const result = await store.append(batch);
        for (const { id } of batch) ids.delete(id);
        const missed = Math.min(racing.length, result.duplicates);
        return { ...result, inserted: result.inserted + missed, duplicates: result.duplicates - missed };
      },
    }),
    fails: ['store/append/at-once', 'store/shared/two-writers'],
  },
  {
    name: 'loses the last batch at close',
    change: (store, lost) => {
      let last: readonly Event[] = [];
      return {
        async append(batch) {
          last = batch;
          return store.append(batch);
        },
        async close() {
          for (const { id } of last) lost.add(id);
          await store.close();
        },
        ...hide(store, (id) => lost.has(id)),
      };
    },
    fails: [
      'store/lifecycle/reopen-keeps',
      'store/lifecycle/close-keeps-running-appends',
      'store/get/survives-reopen',
    ],
  },
  {
    name: 'reuses the first free sequence',
    change: (store) => ({
      async query(query) {
        const page = await store.query(query);
        const { prunedThrough, events } = await store.status();
        const shift = events === 1 ? prunedThrough : 0;
        return {
          ...page,
          events: page.events.map((event) => ({ ...event, sequence: event.sequence - shift })),
        };
      },
    }),
    fails: ['store/append/sequence-after-prune', 'store/append/sequence-after-reopen'],
  },
  {
    name: 'makes a later batch visible before an earlier one',
    change: (store, ids) => {
      let batches = 0;
      return {
        async append(batch) {
          batches += 1;
          const isLate = batches % 2 === 0;
          if (isLate) for (const { id } of batch) ids.add(id);
          const result = await store.append(batch);
          if (isLate) await pause(3);
          for (const { id } of batch) ids.delete(id);
          return result;
        },
        ...hide(store, (id) => ids.has(id)),
      };
    },
    fails: [
      'store/append/visible-in-order',
      'store/query/as-of-while-writing',
      'store/shared/visible-in-order',
    ],
  },
  {
    name: 'does not return the events of other processes',
    change: (store) => {
      const own = new Set<string>();
      return {
        async append(batch) {
          for (const { id } of batch) own.add(id);
          return store.append(batch);
        },
        ...changePages((events) => (own.size === 0 ? events : events.filter(({ id }) => own.has(id))))(store),
      };
    },
    fails: ['store/shared/visible', 'store/shared/visible-in-order'],
  },
];
