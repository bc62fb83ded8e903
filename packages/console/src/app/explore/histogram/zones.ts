import type { Histogram, Status } from '../../api/types';
import type { Bounds } from '../../time/range';
import { bucketsOf, spanOf } from './bars';

/** A part of a histogram whose bars are missing although there are or were events. */
export interface Zone extends Bounds {
  readonly kind: 'uncounted' | 'deleted';
}

/** Returns the time before which retention has deleted events, in milliseconds, or `undefined` if it has not. */
export function retentionStart(
  status: Pick<Status, 'store' | 'oldestEventAt'> | undefined,
): number | undefined {
  if (status?.oldestEventAt === undefined || (status.store?.prunedThrough ?? 0) === 0) return undefined;
  return Date.parse(status.oldestEventAt);
}

/** Returns the parts of a histogram that were deleted by retention, and that were not counted. Counting starts at the end. */
export function zonesOf(histogram: Histogram, retained: number | undefined): readonly Zone[] {
  const bounds = spanOf(histogram);
  if (bounds === undefined) return [];
  const start = Math.min(bounds.to, Math.max(bounds.from, retained ?? bounds.from));
  const counted = bucketsOf(histogram)[0]?.from ?? bounds.to;
  const zones: readonly Zone[] = [
    { kind: 'deleted', from: bounds.from, to: start },
    { kind: 'uncounted', from: start, to: histogram.complete ? start : Math.max(start, counted) },
  ];
  return zones.filter(({ from, to }) => from < to);
}
