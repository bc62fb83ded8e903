import { LEVELS, type Histogram, type Level } from '../../api/types';
import type { Bounds } from '../../time/range';
import { niceTop } from './scale';

/** Counts of one bucket. Times are in milliseconds since the epoch; `to` is exclusive. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly counts: Readonly<Record<Level, number>>;
}

/** Area of the bars in pixels. */
export interface Plot {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** Levels from the foot of a bar to its top. ERROR is at the foot, so that errors can be compared. */
export const STACK = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;

/** Minimum height of a level in pixels: one ERROR among many events must be visible. */
const MIN_HEIGHT: Readonly<Record<Level, number>> = { ERROR: 3, WARN: 2, INFO: 1, DEBUG: 1 };
/** Space above the highest bar. */
const HEADROOM = 6;

/** Returns the bounds of a histogram, or `undefined` if it has none: no event matches, and the range has no start. */
export function spanOf({ from, until }: Histogram): Bounds | undefined {
  return from === undefined || until === undefined
    ? undefined
    : { from: Date.parse(from), to: Date.parse(until) };
}

/** Returns the buckets of a histogram, without those that are empty. */
export function bucketsOf(histogram: Histogram): readonly Bucket[] {
  const until = spanOf(histogram)?.to ?? Infinity;
  return histogram.buckets.map(({ start, counts }) => {
    const from = Date.parse(start);
    const byLevel = Object.fromEntries(LEVELS.map((level) => [level, counts[level] ?? 0]));
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return {
      from,
      to: Math.min(from + histogram.bucketMs, until),
      total,
      counts: byLevel as Readonly<Record<Level, number>>,
    };
  });
}

/** Returns the sum of all counts, per level and in total. */
export function totalsOf(buckets: readonly Bucket[]): Readonly<Record<Level | 'total', number>> {
  const totals = { DEBUG: 0, INFO: 0, WARN: 0, ERROR: 0, total: 0 };
  for (const { counts, total } of buckets) {
    totals.total += total;
    for (const level of LEVELS) totals[level] += counts[level];
  }
  return totals;
}

/** Returns the top of the vertical scale. */
export function topOf(buckets: readonly Bucket[]): number {
  return niceTop(buckets.reduce((max, { total }) => Math.max(max, total), 0));
}

/** Returns the height of a count in pixels. */
export function barHeight(count: number, top: number, height: number): number {
  return Math.round((count / top) * (height - HEADROOM));
}

/** Returns one path per level, which draws the level in all bars. */
export function barPaths(
  buckets: readonly Bucket[],
  { from, to }: { readonly from: number; readonly to: number },
  { left, width, height }: Plot,
  top = topOf(buckets),
): Readonly<Record<Level, string>> {
  const paths: Record<Level, string> = { DEBUG: '', INFO: '', WARN: '', ERROR: '' };
  const x = (time: number): number => Math.round(left + ((time - from) / (to - from)) * width);
  for (const bucket of buckets) {
    const start = x(bucket.from);
    const end = x(bucket.to);
    const gap = end - start > 5 ? 2 : 1;
    const barWidth = Math.max(1, end - start - gap);
    let foot = height;
    for (const level of STACK) {
      const count = bucket.counts[level];
      if (count === 0) continue;
      const part = Math.max(MIN_HEIGHT[level], barHeight(count, top, height));
      foot -= part;
      paths[level] += `M${start} ${foot}h${barWidth}v${part}h${-barWidth}z`;
    }
  }
  return paths;
}
