import { VigilantError, countValues, createMatcher, createMemoryStore, toMicros } from '@vigilant/core';
import type { AdapterContext, BackupResult, Facet, Histogram, Store, StoredEvent } from '@vigilant/core';
import type { StoreHarness } from '../../src/index';
import { wrapStore } from './wrap';

/** Memory that outlives the stores on it, as a file would; and several of them may work on it at once. */
export interface StoreData {
  /** Makes a store on this memory, not opened. */
  createStore(): Store;
  /** How many events there are. */
  count(): Promise<number>;
}

const WHOLE = { filter: { kind: 'all' }, order: 'arrival', limit: 10_000, maxBytes: 2 ** 40 } as const;

/** Creates such memory. Its stores have every optional method, so that every case of the suite applies to them. */
export function createStoreData(copies = new Map<string, StoreData>()): StoreData {
  const inner = createMemoryStore();
  const events = async (): Promise<readonly StoredEvent[]> => (await inner.query(WHOLE)).events;
  return {
    count: async () => (await inner.status()).events,
    createStore() {
      let isOpen = false;
      const whenOpen =
        <Call extends unknown[], Result>(method: (...call: Call) => Promise<Result>) =>
        async (...call: Call): Promise<Result> => {
          if (!isOpen) throw new VigilantError('VIGILANT_STORE_CLOSED', 'Not open.');
          return method(...call);
        };
      const documents = inner.documents as NonNullable<Store['documents']>;
      return wrapStore(inner, {
        capabilities: Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' }),
        async open(context: AdapterContext) {
          await inner.open(context);
          isOpen = true;
        },
        append: whenOpen((batch) => inner.append(batch)),
        get: whenOpen((id) => inner.get(id)),
        query: whenOpen((query) => inner.query(query)),
        status: whenOpen(() => inner.status()),
        async close() {
          isOpen = false;
        },
        histogram: whenOpen(async (query): Promise<Histogram> => {
          const { epoch, lastSequence } = await inner.status();
          const asOf = query.asOf ?? lastSequence;
          const buckets = new Map<number, Record<string, number>>();
          for (const event of await events()) {
            const micros = toMicros(event.timestamp);
            if (event.sequence > asOf || micros < query.from || micros >= query.until) continue;
            if (!createMatcher(query.filter)(event)) continue;
            const start = micros - ((micros - query.from) % query.bucketMicros);
            const counts = new Map(Object.entries(buckets.get(start) ?? {}));
            for (const value of countValues(event, query.by)) counts.set(value, (counts.get(value) ?? 0) + 1);
            buckets.set(start, Object.fromEntries(counts));
          }
          const sorted = [...buckets].sort(([a], [b]) => a - b).map(([start, counts]) => ({ start, counts }));
          return { buckets: sorted, exact: true, complete: true, epoch, asOf };
        }),
        facets: whenOpen(async ({ filter, fields, limit }): Promise<readonly Facet[]> => {
          const found = (await events()).filter(createMatcher(filter));
          return fields.map((field) => {
            const counts = new Map<string, number>();
            for (const value of found.flatMap((event) => countValues(event, field)))
              counts.set(value, (counts.get(value) ?? 0) + 1);
            const values = [...counts].map(([value, count]) => ({ value, count }));
            values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
            return { field, values: values.slice(0, limit), distinct: counts.size, exact: true };
          });
        }),
        prune: whenOpen((policy) => inner.prune?.(policy) ?? Promise.resolve({ deleted: 0 })),
        backup: whenOpen(async (target): Promise<BackupResult> => {
          const copy = createStoreData();
          const store = copy.createStore();
          await store.open({} as AdapterContext);
          const all = await events();
          await store.append(all.map(({ sequence: _, ...event }) => event));
          copies.set(target, copy);
          return { events: all.length, bytes: 1 };
        }),
        documents: {
          get: whenOpen((kind, key) => documents.get(kind, key)),
          list: whenOpen((kind, options) => documents.list(kind, options)),
          put: whenOpen((kind, key, content, options) => documents.put(kind, key, content, options)),
          delete: whenOpen((kind, key, options) => documents.delete(kind, key, options)),
        },
      });
    },
  };
}

/** A harness on such memory, whose stores may be changed before they are tested. */
export function lastingStoreHarness(change: (store: Store) => Store = (store) => store): StoreHarness {
  const copies = new Map<string, StoreData>();
  const data = createStoreData(copies);
  return {
    store: change(data.createStore()),
    another: () => change(data.createStore()),
    rawRows: () => data.count(),
    backup: { target: 'copy', open: () => (copies.get('copy') as StoreData).createStore() },
    dispose() {},
  };
}
