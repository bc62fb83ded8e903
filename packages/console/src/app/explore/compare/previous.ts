import type { Histogram, Level } from '../../api/types';
import { boundsOf, splitDuration, type Bounds, type TimeRange } from '../../time/range';
import { bucketsOf, totalsOf, type Bucket } from '../histogram/bars';

/** The period of the same length before a time range. */
export interface PreviousPeriod {
  /** In the form of the API. That of a relative range is relative too, so that both use the clock of the server. */
  readonly parameters: { readonly since: string; readonly until: string };
  /** In milliseconds since the epoch, by the clock of the browser. */
  readonly bounds: Bounds;
}

/** Returns the period before a range, or `undefined` if the range has no start. */
export function previousPeriod(range: TimeRange, now: number): PreviousPeriod | undefined {
  const current = boundsOf(range, now);
  if (current === undefined) return undefined;
  const width = current.to - current.from;
  const bounds = { from: current.from - width, to: current.from };
  if (range.kind !== 'relative')
    return { parameters: { since: isoOf(bounds.from), until: isoOf(bounds.to) }, bounds };
  const { count, unit } = splitDuration(range.last);
  return { parameters: { since: `${2 * count}${unit}`, until: range.last }, bounds };
}

/** Returns the buckets of a histogram, later by `shiftMs`, so that they can be drawn over those of another period. */
export function shiftedBuckets(histogram: Histogram, shiftMs: number): readonly Bucket[] {
  return bucketsOf(histogram).map((bucket) => ({
    ...bucket,
    from: bucket.from + shiftMs,
    to: bucket.to + shiftMs,
  }));
}

/** A count of both periods. */
export interface Difference {
  readonly of: Level | 'total';
  readonly now: number;
  readonly before: number;
  /** Change as a fraction of `before`, or `undefined` if that is 0 and `now` is not. */
  readonly change: number | undefined;
}

const ORDER = ['total', 'ERROR', 'WARN', 'INFO', 'DEBUG'] as const;

/** Compares the counts of two periods, per level and in total. */
export function compareCounts(now: Histogram, before: Histogram): readonly Difference[] {
  const [current, previous] = [totalsOf(bucketsOf(now)), totalsOf(bucketsOf(before))];
  return ORDER.map((of) => ({
    of,
    now: current[of],
    before: previous[of],
    change: changeOf(current[of], previous[of]),
  }));
}

function changeOf(now: number, before: number): number | undefined {
  if (now === before) return 0;
  return before === 0 ? undefined : (now - before) / before;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
