import type { AdapterContext, Event, Store } from '@vigilant/core';
import { createMemoryStore } from '@vigilant/core';

/** Creates a read-only store with an event. It fails the test when it is written to. */
export async function createReadOnlyStore(): Promise<Store> {
  const store = createMemoryStore();
  await store.open({} as AdapterContext);
  await store.append([EVENT]);
  const { documents } = store;
  return {
    capabilities: Object.freeze({ ...store.capabilities, readOnly: true }),
    open: async () => {},
    append: () => Promise.reject(new Error('A read-only store was written to.')),
    get: (id) => store.get(id),
    query: (query) => store.query(query),
    status: () => store.status(),
    close: async () => {},
    ...(documents && { documents }),
  };
}

const EVENT: Event = {
  id: 'stored',
  message: 'm',
  level: 'INFO',
  severity: 0,
  timestamp: 1_700_000_000_000,
  receivedAt: 1_700_000_000_000,
  origin: '',
  source: '',
  type: 'log',
  group: 'default',
  tags: [],
  data: {},
};
