import type { Facet, Histogram, Status } from '../api/types';
import { bucketsOf, spanOf, totalsOf, type Bucket } from '../explore/histogram/bars';

const MINUTE_MS = 60_000;

/** Numbers of a time range. */
export interface Figures {
  readonly total: number;
  readonly errors: number;
  /** Fraction of the events, or `undefined` without events. */
  readonly errorShare: number | undefined;
  readonly perMinute: number;
  /** The bucket with most events, and its rate. */
  readonly peak: { readonly time: number; readonly perMinute: number } | undefined;
  readonly isExact: boolean;
}

/** Returns the numbers of a histogram. */
export function figuresOf(histogram: Histogram): Figures {
  const buckets = bucketsOf(histogram);
  const { total, ERROR: errors } = totalsOf(buckets);
  const span = spanOf(histogram);
  const width = span === undefined ? 0 : span.to - span.from;
  const [first] = buckets;
  const highest = first && buckets.reduce((max, each) => (rateOf(each) > rateOf(max) ? each : max), first);
  return {
    total,
    errors,
    errorShare: total === 0 ? undefined : errors / total,
    perMinute: width > 0 ? (total / width) * MINUTE_MS : 0,
    peak: highest && { time: highest.from, perMinute: rateOf(highest) },
    isExact: histogram.exact && histogram.complete,
  };
}

const rateOf = ({ from, to, total }: Bucket): number => (total / Math.max(1, to - from)) * MINUTE_MS;

/** A source and its share of errors. */
export interface SourceRow {
  readonly source: string;
  readonly events: number;
  readonly errors: number;
  readonly isExact: boolean;
}

/** Joins the counts of all events and of errors by source. */
export function sourceRows(all: Facet | undefined, errors: Facet | undefined): readonly SourceRow[] {
  const counts = new Map(errors?.values.map(({ value, count }) => [value, count]));
  return (all?.values ?? []).map(({ value, count }) => ({
    source: value,
    events: count,
    errors: counts.get(value) ?? 0,
    isExact: all?.exact === true && errors?.exact === true,
  }));
}

/** Events that were not stored, by the reason. */
export function lossesOf({ scheduler, intake }: Status) {
  return {
    dropped: scheduler.droppedDeadLetters + intake.failed,
    rejected: intake.invalid,
    deadLetters: scheduler.deadLetters,
  };
}
