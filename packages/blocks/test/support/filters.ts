import type { Filter } from '@vigilant/core';
import fc from 'fast-check';

const COMPARISONS = ['=', '<', '<=', '>', '>='] as const;

/** Leaves of filters over rows of `countedRows`: each is true for some of them. */
const leaves: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ kind: 'all' }),
  fc.record({
    kind: fc.constant('ordered' as const),
    field: fc.constant('level' as const),
    operator: fc.constantFrom(...COMPARISONS),
    value: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('ordered' as const),
    field: fc.constant('severity' as const),
    operator: fc.constantFrom(...COMPARISONS),
    value: fc.integer({ min: -1, max: 2 }),
  }),
  fc.record({
    kind: fc.constant('ordered' as const),
    field: fc.constant('timestamp' as const),
    operator: fc.constantFrom(...COMPARISONS),
    value: fc
      .oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 600 }))
      .map((n) => n * 1_000_000),
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom(
      'origin' as const,
      'source' as const,
      'group' as const,
      'tags' as const,
      'message' as const,
    ),
    operator: fc.constantFrom('equals' as const, 'prefix' as const),
    value: fc.constantFrom('', 'a', 'b', 'ab', 'shop'),
  }),
  fc.record({
    kind: fc.constant('present' as const),
    field: fc.constantFrom('origin' as const, 'tags' as const, 'level' as const, 'message' as const),
  }),
  fc.constantFrom<Filter>(
    { kind: 'contains', text: 'a' },
    { kind: 'data', path: ['user'], test: { operator: 'equals', text: '1', literal: 1 } },
  ),
);

/** Filters of any shape. */
export const filters: fc.Arbitrary<Filter> = filterTrees(leaves);

/** Filters of any shape with some leaves. */
export function filterTrees(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }).map((parts): Filter => ({ kind: 'and', filters: parts })),
      fc.array(tie('tree'), { maxLength: 3 }).map((parts): Filter => ({ kind: 'or', filters: parts })),
      tie('tree').map((filter): Filter => ({ kind: 'not', filter })),
    ),
  })).tree;
}
