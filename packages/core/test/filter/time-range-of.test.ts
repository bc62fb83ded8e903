import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../src/filter/ast';
import { fromMicros } from '../../src/event/timestamp';
import { matches } from '../../src/filter/matches';
import { timeRangeOf } from '../../src/filter/time-range-of';
import { event } from '../support';

const time = (operator: '=' | '<' | '<=' | '>' | '>=', value: number): Filter => ({
  kind: 'ordered',
  field: 'timestamp',
  operator,
  value,
});
const error: Filter = { kind: 'ordered', field: 'level', operator: '=', value: 3 };
const and = (...parts: Filter[]): Filter => ({ kind: 'and', filters: parts });
const or = (...parts: Filter[]): Filter => ({ kind: 'or', filters: parts });
const not = (filter: Filter): Filter => ({ kind: 'not', filter });

const operators = fc.constantFrom('=', '<', '<=', '>', '>=' as const);
const leaves = fc.oneof(
  fc.tuple(operators, fc.integer({ min: 0, max: 20 })).map(([operator, value]) => time(operator, value)),
  fc.constantFrom<Filter>({ kind: 'all' }, error, or()),
);
const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc.array(tie('tree'), { maxLength: 3 }).map((parts) => and(...parts)),
    fc.array(tie('tree'), { maxLength: 3 }).map((parts) => or(...parts)),
    tie('tree').map(not),
  ),
}));

const isWithin = (micros: number, filter: Filter): boolean => {
  const { from = -Infinity, until = Infinity } = timeRangeOf(filter);
  return micros >= from && micros < until;
};

describe('timeRangeOf', () => {
  it.each<[string, Filter, ReturnType<typeof timeRangeOf>]>([
    ['every bound', and(time('>=', 5), error, time('<', 9)), { from: 5, until: 9 }],
    ['exclusive lower and inclusive upper bounds', and(time('>', 5), time('<=', 9)), { from: 6, until: 10 }],
    ['one moment', time('=', 5), { from: 5, until: 6 }],
    ['the narrowest of several bounds', and(time('>=', 5), time('>=', 7)), { from: 7 }],
    ['the union of alternatives', or(time('=', 5), and(time('>', 7), time('<', 9))), { from: 5, until: 9 }],
    ['no end where an alternative has none', or(time('<', 9), error), {}],
    ['the complement of a bound', not(time('<', 5)), { from: 5 }],
    ['the complement of an alternative', not(or(time('<', 5), time('>=', 9))), { from: 5, until: 9 }],
    ['an empty range where nothing can match', and(time('<', 5), time('>', 5)), { from: 0, until: 0 }],
    ['no bound for everything', { kind: 'all' }, {}],
    ['no bound for kinds of later versions', { kind: 'later' } as never, {}],
  ])('returns %s', (_, filter, range) => {
    expect(timeRangeOf(filter)).toEqual(range);
  });

  it.each<[string, Filter]>([
    ['an operator of later versions', { ...time('<', 5), operator: 'later' } as never],
    ['the complement of equality', not(time('=', 5))],
    ['the complement of a kind of later versions', not({ kind: 'later' } as never)],
  ])('returns no bound for %s', (_, filter) => {
    expect(timeRangeOf(filter)).toEqual({});
  });

  it('contains no other timestamps for a conjunction of comparisons', () => {
    const parts = fc.array(fc.tuple(operators, fc.integer({ min: 0, max: 9 })), { maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.integer({ min: -1, max: 11 }), (comparisons, micros) => {
        const filter = and(...comparisons.map(([operator, value]) => time(operator, value)));
        const candidate = event({ timestamp: fromMicros(micros) });
        expect(isWithin(micros, filter)).toBe(matches(filter, candidate));
      }),
      { numRuns: 2_000 },
    );
  });

  it('contains the timestamp of every matching event', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: -1, max: 21 }), fc.boolean(), (filter, micros, isError) => {
        const candidate = event({ timestamp: fromMicros(micros), level: isError ? 'ERROR' : 'INFO' });
        if (matches(filter, candidate)) expect(isWithin(micros, filter)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('timeRangeOf of parts that nothing can match', () => {
  const nothing = and(time('>=', 5), time('<', 5));

  it('returns an empty range', () => {
    expect(timeRangeOf(nothing)).toEqual({ from: 0, until: 0 });
  });

  it.each([
    ['before', or(nothing, time('=', 9))],
    ['after', or(time('=', 9), nothing)],
  ])('ignores such an alternative %s another', (_, filter) => {
    expect(timeRangeOf(filter)).toEqual({ from: 9, until: 10 });
  });
});
