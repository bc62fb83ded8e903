import type { DataTest, Filter } from '@vigilant/core';
import { createMatcher } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { compileCandidates } from '../../src/index';
import { hasRow } from '../support/has-row';
import { texts, toEvent } from '../support/arbitraries';
import { createRows } from '../support/rows';
import { createBlock } from '../support/test-block';

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('', '1', 'true', 'null', 'a"b', 'ab', 'abc'),
);

/** Messages and data of few shapes, so that their columns have templates. */
const contents = fc.record({
  message: fc.oneof(
    fc.nat(99_999).map((number) => `Order ${number} closed`),
    fc.tuple(fc.uuid(), fc.nat(99)).map(([id, number]) => `job=${id}.${number}`),
    fc.constantFrom('ÄRGER1', 'Ärger2', 'ärger33').map((word) => `é ${word}: ſtop`),
    fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => `${a}-${b}`),
    fc.nat(999).map((number) => `😀${number}🚀`),
    texts,
  ),
  data: fc
    .oneof(
      fc.record({ user: scalar, path: fc.constantFrom('/a', '/b', '/c"') }),
      fc.record({ user: fc.array(scalar, { maxLength: 3 }) }),
      fc.record({ user: fc.record({ id: scalar }), none: fc.constant(null) }),
      fc.record({ 'user.id': scalar, user: fc.constant({}) }),
    )
    .map((value) => JSON.stringify(value)),
  tags: fc
    .uniqueArray(fc.constantFrom('a', 'ab', 'é', 'a"b', ''), { maxLength: 3 })
    .map((tags) => JSON.stringify(tags)),
});

const blocks = fc
  .array(contents, { minLength: 40, maxLength: 100 })
  .map((all) => createRows(all.length).map((row, index): BlockRow => ({ ...row, ...all[index] })));

/** Searches that end in a literal, in a variable, or between them. */
const contains = (block: readonly BlockRow[]): fc.Arbitrary<Filter> =>
  fc
    .tuple(
      fc.constantFrom(...block.map(({ message }) => message)),
      fc.nat(60),
      fc.integer({ min: 0, max: 9 }),
    )
    .map(([message, start, length]) => {
      const from = start % (message.length + 1);
      return { kind: 'contains', text: Buffer.from(message.slice(from, from + length)).toString() };
    });

const dataTests = fc.oneof<fc.Arbitrary<DataTest>[]>(
  scalar.map((literal) => ({ operator: 'equals', text: String(literal), literal: literal as number })),
  fc.constantFrom('1', 'ab', '').map((text) => ({ operator: 'equals', text })),
  fc.constantFrom('', 'a', '1').map((text) => ({ operator: 'prefix', text })),
  fc
    .constantFrom('<', '>=')
    .chain((operator) =>
      fc.integer({ min: -3, max: 12 }).map((number): DataTest => ({ operator: operator as '<', number })),
    ),
  fc.constant({ operator: 'present' }),
);

const others = fc.oneof<fc.Arbitrary<Filter>[]>(
  fc
    .tuple(fc.constantFrom(['user'], ['user', 'id'], ['path'], ['none'], ['other']), dataTests)
    .map(([path, test]) => ({ kind: 'data', path, test })),
  fc
    .tuple(fc.constantFrom('equals', 'prefix'), fc.constantFrom('a', 'é', 'a"b', ''))
    .map(([operator, value]) => ({ kind: 'text', field: 'tags', operator: operator as 'equals', value })),
  fc.constant({ kind: 'present', field: 'tags' }),
);

const cases = blocks.chain((block) =>
  fc
    .array(fc.oneof(contains(block), others), { minLength: 1, maxLength: 3 })
    .chain((leaves) =>
      fc.constantFrom<Filter>(
        { kind: 'and', filters: leaves },
        { kind: 'or', filters: leaves },
        { kind: 'not', filter: leaves[0] as Filter },
      ),
    )
    .map((filter) => ({ block, filter })),
);

const isNullTest = (filter: Filter): boolean =>
  filter.kind === 'data'
    ? filter.test.operator === 'equals' && filter.test.literal === null
    : filter.kind === 'not'
      ? isNullTest(filter.filter)
      : 'filters' in filter && filter.filters.some(isNullTest);

describe('compileCandidates', () => {
  it('finds exactly the rows with templates that match, except for comparisons with null', () => {
    fc.assert(
      fc.property(cases, ({ block, filter }) => {
        const found = compileCandidates(filter)(createBlock(block).block);
        const matches = createMatcher(filter);
        expect(found.isExact || isNullTest(filter)).toBe(true);
        block.forEach((row, index) => {
          const isMatch = matches(toEvent(row));
          if (isMatch || found.isExact) expect(hasRow(found.rows, index)).toBe(isMatch);
        });
      }),
      { numRuns: 200 },
    );
  });
});
