import { VigilantError, createMemoryStore } from '@vigilant/core';
import type { AdapterContext, BackupResult, Facets, Histogram, Store, StoredEvent } from '@vigilant/core';
import { readOnlyError } from '@vigilant/core/adapter';
import type { StoreFaults, StoreHarness } from '../../src/index';
import { bucketsOf, facetsOf } from './count';
import { createMemoryFaults } from './memory-faults';
import { linesOf } from './lines';
import { never } from '../../src/waiting';
import { wrapStore } from './wrap';

/** Memory that survives its stores, like a file. Several stores can use it concurrently. */
export interface StoreData {
  readonly faults: StoreFaults;
  /** Creates a store on this memory, not opened. */
  createStore(): Store;
  /** Returns the number of events. */
  count(): Promise<number>;
}

const WHOLE = { filter: { kind: 'all' }, order: 'arrival', limit: 10_000, maxBytes: 2 ** 40 } as const;

/** Creates the memory. Its stores have every optional method, so every case of the suite applies to them. */
export function createStoreData(copies = new Map<string, StoreData>()): StoreData {
  const inner = createMemoryStore();
  const faults = createMemoryFaults();
  const events = async (): Promise<readonly StoredEvent[]> => (await inner.query(WHOLE)).events;
  return {
    faults,
    count: async () => (await inner.status()).events,
    createStore() {
      let isOpen = false;
      let signal = never;
      const whenOpen =
        <Call extends unknown[], Result>(method: (...call: Call) => Promise<Result>) =>
        async (...call: Call): Promise<Result> => {
          if (!isOpen) throw new VigilantError('VIGILANT_STORE_CLOSED', 'The store is not open.');
          await faults.pass(signal);
          return method(...call);
        };
      const documents = inner.documents as NonNullable<Store['documents']>;
      return wrapStore(inner, {
        capabilities: Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' }),
        async open(context: AdapterContext) {
          signal = context.signal ?? never;
          await faults.pass(signal);
          await inner.open(context);
          isOpen = true;
        },
        append: whenOpen((batch) => inner.append(batch)),
        appendEncoded: whenOpen((batch) => inner.append(batch.decode())),
        get: whenOpen((id) => inner.get(id)),
        query: whenOpen((query) => inner.query(query)),
        queryLines: whenOpen((query) => linesOf(inner, query)),
        status: whenOpen(() => inner.status()),
        async close() {
          isOpen = false;
        },
        histogram: whenOpen(async (query): Promise<Histogram> => {
          const { epoch, lastSequence } = await inner.status();
          const buckets = bucketsOf(await events(), query);
          return { buckets, exact: true, complete: true, epoch, asOf: lastSequence };
        }),
        facets: whenOpen(async (query): Promise<Facets> => {
          const { epoch, lastSequence } = await inner.status();
          return { facets: facetsOf(await events(), query), complete: true, epoch, asOf: lastSequence };
        }),
        prune: whenOpen((policy) => inner.prune?.(policy) ?? Promise.resolve({ deleted: 0, complete: true })),
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
          count: whenOpen((kind) => documents.count(kind)),
          put: whenOpen((kind, key, content, options) => documents.put(kind, key, content, options)),
          delete: whenOpen((kind, key, options) => documents.delete(kind, key, options)),
          write: whenOpen((changes) => documents.write(changes)),
        },
      });
    },
  };
}

/** Modifies a store. */
type ChangeStore = (store: Store) => Store;

const unchanged: ChangeStore = (store) => store;

/** Creates a harness on this memory. The arguments modify the stores under test. */
export function persistentStoreHarness(change = unchanged, changeReadOnly = unchanged): StoreHarness {
  const copies = new Map<string, StoreData>();
  const data = createStoreData(copies);
  return {
    store: change(data.createStore()),
    another: () => change(data.createStore()),
    readOnly: () => changeReadOnly(toReadOnly(data.createStore())),
    rawRows: () => data.count(),
    faults: data.faults,
    backup: { target: 'copy', open: () => (copies.get('copy') as StoreData).createStore() },
    dispose() {},
  };
}

/** Creates a read-only view of a store. */
function toReadOnly(store: Store): Store {
  const documents = store.documents as NonNullable<Store['documents']>;
  const reject = (call: string) => (): Promise<never> => Promise.reject(readOnlyError(call));
  return wrapStore(store, {
    capabilities: Object.freeze({ ...store.capabilities, readOnly: true }),
    append: reject('append()'),
    prune: reject('prune()'),
    documents: {
      ...documents,
      put: reject('documents.put()'),
      delete: reject('documents.delete()'),
      write: reject('documents.write()'),
    },
  });
}
