const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Round widths of buckets, in microseconds, ascending. */
const WIDTHS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((micros) => micros * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365, 3_650, 36_500].map((days) => days * DAY),
];

/** Buckets of a round width that cover a range, aligned to multiples of that width. */
export interface BucketPlan {
  readonly from: number;
  readonly until: number;
  readonly bucketMicros: number;
}

/** Plans at most `maxBuckets` buckets over a range in microseconds, `until` exclusive. */
export function planBuckets(from: number, until: number, maxBuckets: number): BucketPlan {
  for (const bucketMicros of WIDTHS) {
    const start = Math.floor(from / bucketMicros) * bucketMicros;
    if (until - start <= bucketMicros * maxBuckets) return { from: start, until, bucketMicros };
  }
  // Above 2^53 the difference may be rounded down by a microsecond, and doubles are two apart.
  const bucketMicros = Math.ceil((until - from) / maxBuckets) + 2;
  return { from, until, bucketMicros };
}
