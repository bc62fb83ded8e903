import type { Clock } from '../util/clock';
import type {
  CountField,
  CountQuery,
  EventQuery,
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

/** Returns the values by which an event is counted. */
type ValueReader = ReturnType<typeof createValueReader>;

type ScanResult = Pick<Facets, 'complete' | 'epoch' | 'asOf' | 'statistics'>;

/** Counts per bucket by reading rows, for stores without `histogram`. */
export async function histogramOfRows(store: Store, query: HistogramQuery, clock: Clock): Promise<Histogram> {
  const { from, until, bucketMicros, by, limit } = query;
  const range: Filter[] = [
    { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
    { kind: 'ordered', field: 'timestamp', operator: '<', value: until },
  ];
  const counter = new BucketCounter(by);
  const filter: Filter = { kind: 'and', filters: [query.filter, ...range] };
  const end = await scan(store, { ...query, filter }, clock, (event) => {
    const start = from + Math.floor((toMicros(event.timestamp) - from) / bucketMicros) * bucketMicros;
    counter.count(start, event);
  });
  return { ...end, exact: end.complete && !counter.isFull, buckets: counter.buckets(limit) };
}

/** Finds the most frequent values by reading rows, for stores without `facets`. */
export async function facetsOfRows(store: Store, query: FacetQuery, clock: Clock): Promise<Facets> {
  const counters = query.fields.map((field) => new FieldCounter(field));
  const end = await scan(store, query, clock, (event) => {
    for (const counter of counters) counter.count(event);
  });
  return { ...end, facets: counters.map((counter) => counter.facet(query.limit, end.complete)) };
}

/** Counts the values of one field in bounded memory: values beyond the limit are not counted. */
class FieldCounter {
  readonly #field: CountField;
  readonly #valuesOf: ValueReader;
  readonly #counts = new Map<string, number>();
  #isFull = false;

  constructor(field: CountField) {
    this.#field = field;
    this.#valuesOf = createValueReader(field);
  }

  count(event: StoredEvent): void {
    for (const value of this.#valuesOf(event)) {
      const count = this.#counts.get(value);
      if (count === undefined && this.#counts.size >= MAX_COUNTERS) this.#isFull = true;
      else this.#counts.set(value, (count ?? 0) + 1);
    }
  }

  facet(limit: number, isComplete: boolean): Facet {
    const facet = { field: this.#field, values: topValues(this.#counts, limit) };
    if (!isComplete || this.#isFull) return { ...facet, exact: false };
    return { ...facet, exact: true, distinct: this.#counts.size };
  }
}

/** Counts of one bucket. */
interface BucketCounts {
  readonly counts: Map<string, number>;
  /** Sum of the counts of values without a counter. */
  other: number;
}

/** Counts values per bucket in bounded memory: values beyond the limit are only summed. */
class BucketCounter {
  readonly #valuesOf: ValueReader;
  readonly #buckets = new Map<number, BucketCounts>();
  readonly #totals = new Map<string, number>();
  #counters = 0;
  #isFull = false;

  constructor(by: CountField) {
    this.#valuesOf = createValueReader(by);
  }

  /** Whether some value did not get its own counter. */
  get isFull(): boolean {
    return this.#isFull;
  }

  count(start: number, event: StoredEvent): void {
    let bucket = this.#buckets.get(start);
    if (bucket === undefined) this.#buckets.set(start, (bucket = { counts: new Map(), other: 0 }));
    for (const value of this.#valuesOf(event)) {
      const count = bucket.counts.get(value);
      if (count === undefined && this.#counters >= MAX_COUNTERS) {
        this.#isFull = true;
        bucket.other += 1;
        continue;
      }
      if (count === undefined) this.#counters += 1;
      bucket.counts.set(value, (count ?? 0) + 1);
      this.#totals.set(value, (this.#totals.get(value) ?? 0) + 1);
    }
  }

  /** Returns the buckets with the most frequent values of the whole histogram; the rest are summed. */
  buckets(limit: number): HistogramBucket[] {
    const kept = new Set(topValues(this.#totals, limit).map(({ value }) => value));
    return [...this.#buckets]
      .sort(([a], [b]) => a - b)
      .map(([start, bucket]) => {
        const entries = [...bucket.counts];
        let { other } = bucket;
        for (const [value, count] of entries) if (!kept.has(value)) other += count;
        const counts = Object.fromEntries(entries.filter(([value]) => kept.has(value)));
        return other > 0 ? { start, counts, other } : { start, counts };
      });
  }
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
