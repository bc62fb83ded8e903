import { createManualClock } from '../../src/util/clock';
import type { EventQuery, FacetQuery, Facets, Histogram, HistogramQuery } from '../../src/contracts/query';
import type { Store } from '../../src/contracts/store';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createReader } from '../../src/query/reader';
import { event } from '../support';

export const NOW = 1_700_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const YEAR = 365 * 24 * HOUR;

/** Creates a reader on a memory store with the given events; `change` replaces methods of the store. */
export async function setUp(events: readonly Parameters<typeof event>[0][], change: Partial<Store> = {}) {
  const clock = createManualClock(NOW);
  const store = Object.assign(createMemoryStore(), change);
  await store.open({} as never);
  await store.append(events.map((fields) => event(fields)));
  let refreshes = 0;
  const reader = createReader({
    store,
    clock,
    freshMs: 0,
    refresh: async () => {
      refreshes += 1;
      return { complete: true, pending: 0 };
    },
    open: async () => {},
  });
  return { store, clock, reader, refreshes: () => refreshes };
}

/** Returns no event for any query, like a store whose deadline has passed. */
export const OUT_OF_TIME: Partial<Store> = {
  query: async () => ({
    events: [],
    next: { timestamp: 0, sequence: 0 },
    complete: false,
    epoch: 'epoch',
    asOf: 1,
  }),
};

const COUNTED = { from: 0, until: 1, complete: true, epoch: 'e', asOf: 1 };

/** Creates a reader and records the calls of its store, in order. */
export async function setUpRecording(events: readonly Parameters<typeof event>[0][] = []) {
  const queries: EventQuery[] = [];
  const histograms: HistogramQuery[] = [];
  const facets: FacetQuery[] = [];
  const refreshes: [timeoutMs: number, signal: AbortSignal | undefined][] = [];
  const steps: string[] = [];
  const memory = createMemoryStore();
  await memory.open({} as never);
  await memory.append(events.map((fields) => event(fields)));
  const store = Object.assign(Object.create(memory) as Store, {
    get: (id: string) => {
      steps.push('get');
      return memory.get(id);
    },
    query: (query: EventQuery) => {
      steps.push('query');
      queries.push(query);
      return memory.query(query);
    },
    histogram: async (query: HistogramQuery): Promise<Histogram> => {
      histograms.push(query);
      return { ...COUNTED, buckets: [{ start: 2_500, counts: { INFO: 1 } }], exact: true };
    },
    facets: async (query: FacetQuery): Promise<Facets> => {
      facets.push(query);
      const values = [{ value: 'a', count: 1 }];
      return { ...COUNTED, facets: [{ field: { name: 'data', path: ['x'] }, values, exact: true }] };
    },
  });
  const clock = createManualClock(NOW);
  const reader = createReader({
    store,
    clock,
    freshMs: 700,
    refresh: async (timeoutMs, signal) => {
      steps.push('refresh');
      refreshes.push([timeoutMs, signal]);
      return { complete: false, pending: 3 };
    },
    open: async () => void steps.push('open'),
  });
  return { reader, store, memory, clock, queries, histograms, facets, refreshes, steps };
}
