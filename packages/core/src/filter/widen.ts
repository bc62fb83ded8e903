import type { Filter } from './ast';
import { isKnownLeaf } from './check';

/** A filter that this version supports entirely. */
export interface WidenedFilter {
  readonly filter: Filter;
  /** Whether it matches the same events as the original filter. Otherwise it may match more. */
  readonly isExact: boolean;
}

/**
 * Replaces the parts of a filter that only a later version supports, so that it matches the same events or more.
 *
 * A store evaluates the widened filter and marks the page as a superset if `isExact` is `false`.
 */
export function widenFilter(filter: Filter): WidenedFilter {
  let isExact = true;
  // Inside an odd number of `not`, a part must match fewer events so that the filter matches more.
  const widen = (part: Filter, isNegated: boolean): Filter => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return { kind: part.kind, filters: part.filters.map((each) => widen(each, isNegated)) };
      case 'not':
        return { kind: 'not', filter: widen(part.filter, !isNegated) };
      default:
        if (isKnownLeaf(part)) return part;
        isExact = false;
        return isNegated ? { kind: 'or', filters: [] } : { kind: 'all' };
    }
  };
  const widened = widen(filter, false);
  return isExact ? { filter, isExact } : { filter: widened, isExact };
}
