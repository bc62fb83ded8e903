import type { Clock } from '../clock';
import type {
  CountQuery,
  EventPosition,
  Facet,
  FacetQuery,
  Histogram,
  HistogramQuery,
} from '../contracts/query';
import type { Store } from '../contracts/store';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/micros';
import type { Filter } from '../filter/ast';
import { countValues } from '../filter/count-field';
import { find } from './find';

const PAGE_EVENTS = 2_000;
const PAGE_BYTES = 4 * 1024 * 1024;

/** Different values counted per field before rare ones are given up. */
const MAX_VALUES = 100_000;

/** Counts per bucket by reading rows, for stores that do not count themselves. */
export async function histogramOfRows(store: Store, query: HistogramQuery, clock: Clock): Promise<Histogram> {
  const { from, until, bucketMicros, by } = query;
  const range: Filter[] = [
    { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
    { kind: 'ordered', field: 'timestamp', operator: '<', value: until },
  ];
  const buckets = new Map<number, Map<string, number>>();
  const filter: Filter = { kind: 'and', filters: [query.filter, ...range] };
  const end = await scan(store, { ...query, filter }, clock, (event) => {
    const start = from + Math.floor((toMicros(event.timestamp) - from) / bucketMicros) * bucketMicros;
    let counts = buckets.get(start);
    if (counts === undefined) buckets.set(start, (counts = new Map()));
    for (const value of countValues(event, by)) counts.set(value, (counts.get(value) ?? 0) + 1);
  });
  return {
    ...end,
    exact: end.complete,
    buckets: [...buckets]
      .sort(([a], [b]) => a - b)
      .map(([start, counts]) => ({ start, counts: Object.fromEntries(counts) })),
  };
}

/** Counts top values by reading rows, for stores that do not count themselves. */
export async function facetsOfRows(
  store: Store,
  query: FacetQuery,
  clock: Clock,
): Promise<{ readonly facets: readonly Facet[]; readonly complete: boolean }> {
  const counters = query.fields.map((field) => ({ field, counts: new Map<string, number>(), isFull: false }));
  const { complete } = await scan(store, query, clock, (event) => {
    for (const counter of counters) {
      for (const value of countValues(event, counter.field)) {
        const count = counter.counts.get(value);
        if (count === undefined && counter.counts.size >= MAX_VALUES) counter.isFull = true;
        else counter.counts.set(value, (count ?? 0) + 1);
      }
    }
  });
  const facets = counters.map(({ field, counts, isFull }): Facet => {
    const values = [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, query.limit);
    const exact = complete && !isFull;
    return exact ? { field, values, exact, distinct: counts.size } : { field, values, exact };
  });
  return { facets, complete };
}

async function scan(
  store: Store,
  { filter, asOf, deadlineMs, signal }: CountQuery,
  clock: Clock,
  visit: (event: StoredEvent) => void,
): Promise<{ readonly complete: boolean; readonly epoch: string; readonly asOf: number }> {
  const deadline = deadlineMs === undefined ? Infinity : clock.monotonic() + deadlineMs;
  let after: EventPosition | undefined;
  let bound = asOf;
  for (;;) {
    const remainingMs = deadline - clock.monotonic();
    const page = await find(
      store,
      {
        filter,
        order: 'newest',
        limit: PAGE_EVENTS,
        maxBytes: PAGE_BYTES,
        ...(after === undefined ? {} : { after }),
        ...(bound === undefined ? {} : { asOf: bound }),
        ...(remainingMs === Infinity ? {} : { deadlineMs: Math.max(1, remainingMs) }),
        ...(signal === undefined ? {} : { signal }),
      },
      clock,
    );
    page.events.forEach(visit);
    after = page.next;
    bound = page.asOf;
    const isOver = clock.monotonic() >= deadline || !page.complete;
    if (after === undefined || isOver)
      return { complete: after === undefined, epoch: page.epoch, asOf: page.asOf };
  }
}
