import type { CountField, Facet, HistogramBucket } from '../contracts/query';

/** Maximum number of counters in memory: per field of facets, or for all buckets of a histogram. */
const MAX_COUNTERS = 100_000;

/** Counts the values of one field in bounded memory: values beyond the limit are not counted. */
export interface FieldCounter {
  readonly field: CountField;
  /** Adds to the count of a value of the field. */
  add(value: string, count: number): void;
  /** Returns the most frequent values. @param isComplete - Whether all events were counted. */
  facet(limit: number, isComplete: boolean): Facet;
}

/** Counts values per bucket of time in bounded memory: values beyond the limit are only summed. */
export interface BucketCounter {
  /** Whether a value has no counter of its own. */
  readonly isFull: boolean;
  /** Returns the bucket that starts at a time, and creates it if it is missing. */
  bucket(start: number): CountedBucket;
  /** Returns the buckets with the most frequent values of the whole histogram; the rest are summed. */
  buckets(limit: number): HistogramBucket[];
}

/** A bucket of a `BucketCounter`. */
export interface CountedBucket {
  /** Adds to the count of a value of the field in the bucket. */
  add(value: string, count: number): void;
}

/** Creates a counter of the values of a field. */
export function createFieldCounter(field: CountField): FieldCounter {
  return new CountedField(field);
}

/** Creates a counter of values per bucket. */
export function createBucketCounter(): BucketCounter {
  return new CountedBuckets();
}

class CountedField implements FieldCounter {
  readonly field: CountField;
  readonly #counts = new Map<string, number>();
  #isFull = false;

  constructor(field: CountField) {
    this.field = field;
  }

  add(value: string, count: number): void {
    const before = this.#counts.get(value);
    if (before === undefined && this.#counts.size >= MAX_COUNTERS) this.#isFull = true;
    else this.#counts.set(value, (before ?? 0) + count);
  }

  facet(limit: number, isComplete: boolean): Facet {
    const facet = { field: this.field, values: topValues(this.#counts, limit) };
    if (!isComplete || this.#isFull) return { ...facet, exact: false };
    return { ...facet, exact: true, distinct: this.#counts.size };
  }
}

/** Counters that the buckets of a histogram share. */
interface SharedCounters {
  readonly totals: Map<string, number>;
  used: number;
  isFull: boolean;
}

class CountedBuckets implements BucketCounter {
  readonly #buckets = new Map<number, Bucket>();
  readonly #shared: SharedCounters = { totals: new Map(), used: 0, isFull: false };

  get isFull(): boolean {
    return this.#shared.isFull;
  }

  bucket(start: number): CountedBucket {
    let bucket = this.#buckets.get(start);
    if (bucket === undefined) this.#buckets.set(start, (bucket = new Bucket(this.#shared)));
    return bucket;
  }

  buckets(limit: number): HistogramBucket[] {
    const kept = new Set(topValues(this.#shared.totals, limit).map(({ value }) => value));
    return [...this.#buckets].sort(([a], [b]) => a - b).map(([start, bucket]) => bucket.read(start, kept));
  }
}

class Bucket implements CountedBucket {
  readonly #counts = new Map<string, number>();
  readonly #shared: SharedCounters;
  /** Sum of the counts of values without a counter. */
  #other = 0;

  constructor(shared: SharedCounters) {
    this.#shared = shared;
  }

  add(value: string, count: number): void {
    const shared = this.#shared;
    const before = this.#counts.get(value);
    if (before === undefined && shared.used >= MAX_COUNTERS) {
      shared.isFull = true;
      this.#other += count;
      return;
    }
    if (before === undefined) shared.used += 1;
    this.#counts.set(value, (before ?? 0) + count);
    shared.totals.set(value, (shared.totals.get(value) ?? 0) + count);
  }

  /** Returns the counts of some values. */
  read(start: number, kept: ReadonlySet<string>): HistogramBucket {
    const entries = [...this.#counts];
    let other = this.#other;
    for (const [value, count] of entries) if (!kept.has(value)) other += count;
    const counts = Object.fromEntries(entries.filter(([value]) => kept.has(value)));
    return other > 0 ? { start, counts, other } : { start, counts };
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
