import { MATCH_ALL, type Filter } from './ast';

/** The filter that matches no event. */
const MATCH_NONE: Filter = { kind: 'not', filter: MATCH_ALL };

const isNone = (filter: Filter): boolean => filter.kind === 'not' && filter.filter.kind === 'all';

/** Combines filters that must all match, in canonical form. */
export function allOf(filters: readonly Filter[]): Filter {
  const flat = filters
    .flatMap((filter) => (filter.kind === 'and' ? filter.filters : [filter]))
    .filter((filter) => filter.kind !== 'all');
  if (flat.some(isNone)) return MATCH_NONE;
  return flat.length > 1 ? { kind: 'and', filters: flat } : (flat[0] ?? MATCH_ALL);
}

/** Combines filters of which at least one must match, in canonical form. */
export function anyOf(filters: readonly Filter[]): Filter {
  const flat = filters
    .flatMap((filter) => (filter.kind === 'or' ? filter.filters : [filter]))
    .filter((filter) => !isNone(filter));
  if (flat.some((filter) => filter.kind === 'all')) return MATCH_ALL;
  return flat.length > 1 ? { kind: 'or', filters: flat } : (flat[0] ?? MATCH_NONE);
}

/** Negates a filter, in canonical form. */
export function negate(filter: Filter): Filter {
  return filter.kind === 'not' ? filter.filter : { kind: 'not', filter };
}

/** Creates the filter for messages that contain a text. */
export function containing(text: string): Filter {
  return text === '' ? MATCH_ALL : { kind: 'contains', text };
}

/** A filter that contains no other filter. */
export type Leaf = Exclude<Filter, { readonly kind: 'and' | 'or' | 'not' }>;

/** Replaces each leaf by the result of `change`, and returns the tree in canonical form. */
export function mapLeaves(filter: Filter, change: (leaf: Leaf) => Filter): Filter {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.filters.map((part) => mapLeaves(part, change)));
    case 'or':
      return anyOf(filter.filters.map((part) => mapLeaves(part, change)));
    case 'not':
      return negate(mapLeaves(filter.filter, change));
    default:
      return change(filter);
  }
}

/**
 * Returns the canonical form of a filter, which matches the same events.
 *
 * Nested `and` and `or` are flattened, those of a single filter replaced by it, `all` and its negation absorbed, and double
 * negation removed. The order of the parts is kept. Parsing returns this form, and formatting writes it.
 */
export function canonicalFilter(filter: Filter): Filter {
  return mapLeaves(filter, (leaf) => (leaf.kind === 'contains' ? containing(leaf.text) : leaf));
}
