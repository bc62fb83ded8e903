import { DEFAULT_RANGE, type TimeRange } from '../time/range';

/** Returns whether new events can be in a range. */
export function isOpenEnded(range: TimeRange): boolean {
  return range.kind !== 'absolute' || range.until === undefined;
}

/** Returns the range, or the relative range that it came from if no new event can be in it. */
export function toOpenEnded(range: TimeRange): TimeRange {
  if (range.kind !== 'absolute' || range.until === undefined) return range;
  return range.last === undefined ? DEFAULT_RANGE : { kind: 'relative', last: range.last };
}
