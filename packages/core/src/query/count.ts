import type { Clock } from '../util/clock';
import type {
  CountQuery,
  EventQuery,
  FacetQuery,
  Facets,
  Histogram,
  HistogramQuery,
} from '../contracts/query';
import type { Store } from '../contracts/store';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/timestamp';
import type { Filter } from '../filter/ast';
import { createValueReader } from '../filter/count-field';
import { createBucketCounter, createFieldCounter } from './counters';
import { find } from './find';

const PAGE_EVENTS = 2_000;
const PAGE_BYTES = 4 * 1024 * 1024;

type ScanResult = Pick<Facets, 'complete' | 'epoch' | 'asOf' | 'statistics'>;

/** Counts per bucket by reading rows, for stores without `histogram`. */
export async function histogramOfRows(store: Store, query: HistogramQuery, clock: Clock): Promise<Histogram> {
  const { from, until, bucketMicros, by, limit } = query;
  const range: Filter[] = [
    { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
    { kind: 'ordered', field: 'timestamp', operator: '<', value: until },
  ];
  const counter = createBucketCounter();
  const valuesOf = createValueReader(by);
  const filter: Filter = { kind: 'and', filters: [query.filter, ...range] };
  const end = await scan(store, { ...query, filter }, clock, (event) => {
    const start = from + Math.floor((toMicros(event.timestamp) - from) / bucketMicros) * bucketMicros;
    const bucket = counter.bucket(start);
    for (const value of valuesOf(event)) bucket.add(value, 1);
  });
  return { ...end, exact: end.complete && !counter.isFull, buckets: counter.buckets(limit) };
}

/** Finds the most frequent values by reading rows, for stores without `facets`. */
export async function facetsOfRows(store: Store, query: FacetQuery, clock: Clock): Promise<Facets> {
  const counters = query.fields.map(createFieldCounter);
  const readers = query.fields.map(createValueReader);
  const end = await scan(store, query, clock, (event) => {
    counters.forEach((counter, index) => {
      for (const value of readers[index]?.(event) ?? []) counter.add(value, 1);
    });
  });
  return { ...end, facets: counters.map((counter) => counter.facet(query.limit, end.complete)) };
}

async function scan(
  store: Store,
  { filter, deadlineMs, signal }: CountQuery,
  clock: Clock,
  visit: (event: StoredEvent) => void,
): Promise<ScanResult> {
  const started = clock.monotonic();
  const deadline = deadlineMs === undefined ? Infinity : started + deadlineMs;
  let position: Pick<EventQuery, 'after' | 'asOf'> = {};
  let scanned = 0;
  for (;;) {
    const remainingMs = deadline - clock.monotonic();
    const page = await find(
      store,
      {
        filter,
        order: 'newest',
        limit: PAGE_EVENTS,
        maxBytes: PAGE_BYTES,
        ...position,
        ...(remainingMs === Infinity ? {} : { deadlineMs: Math.max(1, remainingMs) }),
        ...(signal === undefined ? {} : { signal }),
      },
      clock,
    );
    page.events.forEach(visit);
    scanned += page.statistics?.scanned ?? page.events.length;
    const { next, epoch, asOf } = page;
    if (next === undefined || !page.complete || clock.monotonic() >= deadline) {
      const statistics = { scanned, elapsedMs: clock.monotonic() - started };
      return { complete: next === undefined, epoch, asOf, statistics };
    }
    position = { after: next, asOf };
  }
}
