import type { Filter } from './ast';

/** A range of timestamps in integer microseconds. A missing bound is open. */
export interface TimestampRange {
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly until?: number;
}

/** Bounds of a range, infinite if open. The range is empty if `from >= until`. */
interface Bounds {
  readonly from: number;
  readonly until: number;
}

const EVERYTHING: Bounds = { from: -Infinity, until: Infinity };
const NOTHING: Bounds = { from: Infinity, until: -Infinity };

/**
 * Returns a range that contains the timestamp of every event that the filter matches, so that a store needs to read only
 * that part of its index. Only conditions on the timestamp narrow it.
 *
 * A filter that cannot match any timestamp returns an empty range, whose `from` equals its `until`.
 *
 * @param filter - Without relative times; kinds of later versions are assumed to match everything.
 */
export function timeRangeOf(filter: Filter): TimestampRange {
  const { from, until } = boundsOf(filter, false);
  if (from >= until) return { from: 0, until: 0 };
  return {
    ...(from === -Infinity ? {} : { from }),
    ...(until === Infinity ? {} : { until }),
  };
}

/** Returns the bounds of a filter, or of its complement if `isNegated`. */
function boundsOf(filter: Filter, isNegated: boolean): Bounds {
  switch (filter.kind) {
    case 'all':
      return isNegated ? NOTHING : EVERYTHING;
    case 'not':
      return boundsOf(filter.filter, !isNegated);
    case 'and':
    case 'or': {
      const parts = filter.filters.map((part) => boundsOf(part, isNegated));
      // De Morgan: the complement of a conjunction is the disjunction of the complements.
      return (filter.kind === 'and') === isNegated
        ? parts.reduce(uniteBounds, NOTHING)
        : parts.reduce(intersectBounds, EVERYTHING);
    }
    case 'ordered':
      return filter.field === 'timestamp'
        ? comparisonBounds(filter.operator, filter.value, isNegated)
        : EVERYTHING;
    default:
      return EVERYTHING;
  }
}

function comparisonBounds(operator: string, value: number, isNegated: boolean): Bounds {
  const before: Bounds = { from: -Infinity, until: value };
  const through: Bounds = { from: -Infinity, until: value + 1 };
  const since: Bounds = { from: value, until: Infinity };
  const after: Bounds = { from: value + 1, until: Infinity };
  switch (operator) {
    case '<':
      return isNegated ? since : before;
    case '<=':
      return isNegated ? after : through;
    case '>':
      return isNegated ? through : after;
    case '>=':
      return isNegated ? before : since;
    case '=':
      return isNegated ? EVERYTHING : { from: value, until: value + 1 };
    default:
      return EVERYTHING;
  }
}

function intersectBounds(a: Bounds, b: Bounds): Bounds {
  return { from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) };
}

function uniteBounds(a: Bounds, b: Bounds): Bounds {
  if (a.from >= a.until) return b;
  if (b.from >= b.until) return a;
  return { from: Math.min(a.from, b.from), until: Math.max(a.until, b.until) };
}
