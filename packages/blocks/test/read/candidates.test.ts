import type { Filter } from '@vigilant/core';
import { createMatcher } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { compileCandidates } from '../../src/index';
import { hasRow } from '../support/has-row';
import { rows, toEvent } from '../support/arbitraries';
import { filterTrees } from '../support/filters';
import { createBlock } from '../support/test-block';

/** Filters on each field, with values that the rows have. */
function filtersFor(row: BlockRow): fc.Arbitrary<Filter> {
  const texts = (['origin', 'source', 'type', 'group', 'id', 'message'] as const).flatMap(
    (field): Filter[] => [
      { kind: 'text', field, operator: 'equals', value: row[field] },
      { kind: 'text', field, operator: 'prefix', value: row[field].slice(0, 1) },
      { kind: 'present', field },
    ],
  );
  const ordered = (['timestamp', 'level', 'severity'] as const).flatMap((field) =>
    (['=', '<', '<=', '>', '>='] as const).flatMap((operator): Filter[] =>
      [row[field], row[field] + 1].map((value) => ({ kind: 'ordered', field, operator, value })),
    ),
  );
  const leaf = fc.constantFrom<Filter>(
    { kind: 'all' },
    { kind: 'present', field: 'tags' },
    { kind: 'contains', text: row.message.slice(0, 4) },
    ...texts,
    ...ordered,
  );
  return filterTrees(leaf);
}

const inputs = fc
  .array(rows, { minLength: 1, maxLength: 12 })
  .chain((block) => filtersFor(block[0] as BlockRow).map((filter) => ({ block, filter })));

describe('compileCandidates', () => {
  it('finds every row that matches, and no other if the result is exact', () => {
    fc.assert(
      fc.property(inputs, ({ block, filter }) => {
        const found = compileCandidates(filter)(createBlock(block).block);
        const matches = createMatcher(filter);
        block.forEach((row, index) => {
          const isMatch = matches(toEvent(row));
          if (isMatch || found.isExact) expect(hasRow(found.rows, index)).toBe(isMatch);
        });
      }),
      { numRuns: 200 },
    );
  });
});
