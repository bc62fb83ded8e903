import type { Histogram } from '../../api/types';
import { bucketsOf } from './bars';

/** Returns the part of a histogram that was not counted. Counting starts at its end. */
export function uncountedPart(
  histogram: Histogram,
): { readonly from: number; readonly to: number } | undefined {
  if (histogram.complete) return undefined;
  const from = Date.parse(histogram.from);
  const [first] = bucketsOf(histogram);
  return { from, to: Math.max(from, first?.from ?? Date.parse(histogram.until)) };
}
