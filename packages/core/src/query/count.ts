import type { Clock } from '../util/clock';
import type {
  CountField,
  CountQuery,
  EventPosition,
  Facet,
  FacetQuery,
  Facets,
  Histogram,
  HistogramBucket,
  HistogramQuery,
} from '../contracts/query';
import type { Store } from '../contracts/store';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/timestamp';
import type { Filter } from '../filter/ast';
import { createValueReader } from '../filter/count-field';
import { find } from './find';

const PAGE_EVENTS = 2_000;
const PAGE_BYTES = 4 * 1024 * 1024;

/** Maximum number of counters in memory: per field of facets, or for all buckets of a histogram. */
const MAX_COUNTERS = 100_000;

type ScanResult = Pick<Facets, 'complete' | 'epoch' | 'asOf' | 'statistics'>;

/** Counts per bucket by reading rows, for stores without `histogram`. */
export async function histogramOfRows(store: Store, query: HistogramQuery, clock: Clock): Promise<Histogram> {
  const { from, until, bucketMicros, by, limit } = query;
  const range: Filter[] = [
    { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
    { kind: 'ordered', field: 'timestamp', operator: '<', value: until },
  ];
  const counter = createBucketCounter(by);
  const filter: Filter = { kind: 'and', filters: [query.filter, ...range] };
  const end = await scan(store, { ...query, filter }, clock, (event) => {
    const start = from + Math.floor((toMicros(event.timestamp) - from) / bucketMicros) * bucketMicros;
    counter.count(start, event);
  });
  return { ...end, exact: end.complete && !counter.isFull, buckets: counter.buckets(limit) };
}

/** Counts top values by reading rows, for stores without `facets`. */
export async function facetsOfRows(store: Store, query: FacetQuery, clock: Clock): Promise<Facets> {
  const counters = query.fields.map((field) => ({
    field,
    valuesOf: createValueReader(field),
    counts: new Map<string, number>(),
    isFull: false,
  }));
  const end = await scan(store, query, clock, (event) => {
    for (const counter of counters) {
      for (const value of counter.valuesOf(event)) {
        const count = counter.counts.get(value);
        if (count === undefined && counter.counts.size >= MAX_COUNTERS) counter.isFull = true;
        else counter.counts.set(value, (count ?? 0) + 1);
      }
    }
  });
  const facets = counters.map(({ field, counts, isFull }): Facet => {
    const values = topValues(counts, query.limit);
    const exact = end.complete && !isFull;
    return exact ? { field, values, exact, distinct: counts.size } : { field, values, exact };
  });
  return { ...end, facets };
}

/** Counts values per bucket in bounded memory: values beyond the limit are only summed. */
interface BucketCounter {
  /** Whether some value did not get its own counter. */
  readonly isFull: boolean;
  count(start: number, event: StoredEvent): void;
  /** Returns the buckets with the most frequent values of the whole histogram; the rest are summed. */
  buckets(limit: number): HistogramBucket[];
}

function createBucketCounter(by: CountField): BucketCounter {
  const buckets = new Map<number, { readonly counts: Map<string, number>; other: number }>();
  const totals = new Map<string, number>();
  const valuesOf = createValueReader(by);
  let counters = 0;
  let isFull = false;
  return {
    get isFull() {
      return isFull;
    },
    count(start, event) {
      let bucket = buckets.get(start);
      if (bucket === undefined) buckets.set(start, (bucket = { counts: new Map(), other: 0 }));
      for (const value of valuesOf(event)) {
        const count = bucket.counts.get(value);
        if (count === undefined && counters >= MAX_COUNTERS) {
          isFull = true;
          bucket.other += 1;
          continue;
        }
        if (count === undefined) counters += 1;
        bucket.counts.set(value, (count ?? 0) + 1);
        totals.set(value, (totals.get(value) ?? 0) + 1);
      }
    },
    buckets(limit) {
      const kept = new Set(topValues(totals, limit).map(({ value }) => value));
      return [...buckets]
        .sort(([a], [b]) => a - b)
        .map(([start, bucket]) => {
          const entries = [...bucket.counts];
          let { other } = bucket;
          for (const [value, count] of entries) if (!kept.has(value)) other += count;
          const counts = Object.fromEntries(entries.filter(([value]) => kept.has(value)));
          return other > 0 ? { start, counts, other } : { start, counts };
        });
    },
  };
}

function topValues(
  counts: ReadonlyMap<string, number>,
  limit: number,
): { readonly value: string; readonly count: number }[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, limit);
}

async function scan(
  store: Store,
  { filter, deadlineMs, signal }: CountQuery,
  clock: Clock,
  visit: (event: StoredEvent) => void,
): Promise<ScanResult> {
  const started = clock.monotonic();
  const deadline = deadlineMs === undefined ? Infinity : started + deadlineMs;
  let after: EventPosition | undefined;
  let asOf: number | undefined;
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
        ...(after === undefined ? {} : { after }),
        ...(asOf === undefined ? {} : { asOf }),
        ...(remainingMs === Infinity ? {} : { deadlineMs: Math.max(1, remainingMs) }),
        ...(signal === undefined ? {} : { signal }),
      },
      clock,
    );
    page.events.forEach(visit);
    scanned += page.statistics?.scanned ?? page.events.length;
    after = page.next;
    asOf = page.asOf;
    if (after !== undefined && page.complete && clock.monotonic() < deadline) continue;
    const statistics = { scanned, elapsedMs: clock.monotonic() - started };
    return { complete: after === undefined, epoch: page.epoch, asOf, statistics };
  }
}
