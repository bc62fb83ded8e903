import { MATCH_ALL, type Filter } from './ast';

/** The filter that nothing matches. */
const MATCH_NONE: Filter = { kind: 'not', filter: MATCH_ALL };

const isNone = (filter: Filter): boolean => filter.kind === 'not' && filter.filter.kind === 'all';

/** Joins filters that must all match, in the simplest form. */
export function allOf(filters: readonly Filter[]): Filter {
  const flat = filters
    .flatMap((filter) => (filter.kind === 'and' ? filter.filters : [filter]))
    .filter((filter) => filter.kind !== 'all');
  if (flat.some(isNone)) return MATCH_NONE;
  return flat.length > 1 ? { kind: 'and', filters: flat } : (flat[0] ?? MATCH_ALL);
}

/** Joins filters of which any must match, in the simplest form. */
export function anyOf(filters: readonly Filter[]): Filter {
  const flat = filters
    .flatMap((filter) => (filter.kind === 'or' ? filter.filters : [filter]))
    .filter((filter) => !isNone(filter));
  if (flat.some((filter) => filter.kind === 'all')) return MATCH_ALL;
  return flat.length > 1 ? { kind: 'or', filters: flat } : (flat[0] ?? MATCH_NONE);
}

/** The complement of a filter, in the simplest form. */
export function negate(filter: Filter): Filter {
  return filter.kind === 'not' ? filter.filter : { kind: 'not', filter };
}

/** The filter for a message that contains the text. */
export function containing(text: string): Filter {
  return text === '' ? MATCH_ALL : { kind: 'contains', text };
}

/** A leaf of the tree: a filter that holds no other. */
export type Leaf = Exclude<Filter, { readonly kind: 'and' | 'or' | 'not' }>;

/** Builds the tree again in its simplest form, each leaf replaced by what `change` makes of it. */
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
 * Brings a tree into its simplest form, which means the same.
 *
 * Nested `and` and `or` are flattened, those of one filter dissolved, `all` and its complement absorbed, double
 * negation removed. The order of the parts stays. Parsing gives this form, and formatting writes it.
 */
export function canonicalFilter(filter: Filter): Filter {
  return mapLeaves(filter, (leaf) => (leaf.kind === 'contains' ? containing(leaf.text) : leaf));
}
