import type { Delivery } from '../src/contracts/broker';
import type { AppendResult, Store } from '../src/contracts/store';
import { createMemoryStore } from '../src/memory/memory-store';
import { VigilantError } from '../src/util/errors';
import type { Event } from '../src/event/event';

let ids = 0;

/** Creates a normalised event. Fields that are not given have plain values. */
export function event(fields: Partial<Event> = {}): Event {
  ids += 1;
  return {
    id: `event-${ids}`,
    message: 'hello',
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
    ...fields,
  };
}

export function events(count: number, fields: Partial<Event> = {}): Event[] {
  return Array.from({ length: count }, () => event(fields));
}

/** Creates a delivery of some events. Fields that are not given have plain values. */
export function delivery(batch: readonly Event[], fields: Partial<Delivery> = {}): Delivery {
  return {
    events: batch,
    malformed: [],
    flush: false,
    signal: new AbortController().signal,
    ack: async () => {},
    ...fields,
  };
}

/** Creates a read-only view of a store that another program has open. It fails the test when it is written to. */
export function readOnly(store: Store): Store {
  return {
    capabilities: Object.freeze({ ...store.capabilities, readOnly: true }),
    open: async () => {},
    append: () => Promise.reject(new Error('A read-only store was written to.')),
    get: (id) => store.get(id),
    query: (query) => store.query(query),
    status: () => store.status(),
    close: async () => {},
    ...(store.documents && { documents: store.documents }),
  };
}

/** A memory store whose appends a test observes and fails. */
export function scriptedStore(
  script: (batch: readonly Event[], append: () => Promise<AppendResult>) => Promise<AppendResult> = (
    _,
    append,
  ) => append(),
): Store & { readonly appends: (readonly Event[])[] } {
  const store = createMemoryStore();
  const appends: (readonly Event[])[] = [];
  const append = store.append.bind(store);
  return Object.assign(store, {
    appends,
    append(batch: readonly Event[]) {
      appends.push(batch);
      return script(batch, () => append(batch));
    },
  });
}

export function rejected(): VigilantError {
  return new VigilantError('VIGILANT_EVENT_REJECTED', 'no room for this content');
}

export function unavailable(): VigilantError {
  return new VigilantError('VIGILANT_STORE_UNAVAILABLE', 'the store is away');
}

/** Runs the promises and immediates that are due. */
export async function settle(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until a condition holds, up to the timeout of the test. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await settle(1);
}

/** Returns the CPU time of some work in milliseconds, which does not depend on other load. */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
