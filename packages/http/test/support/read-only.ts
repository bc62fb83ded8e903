import type { AdapterContext, Store } from '@vigilant/core';
import { createMemoryStore } from '@vigilant/core';
import { event, readOnly } from '../../../core/test/support';

/** Creates a read-only store with an event. It fails the test when it is written to. */
export async function createReadOnlyStore(): Promise<Store> {
  const store = createMemoryStore();
  await store.open({} as AdapterContext);
  await store.append([event({ id: 'stored', message: 'm' })]);
  return readOnly(store);
}
