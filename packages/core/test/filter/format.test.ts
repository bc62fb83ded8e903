import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVigilantError } from '../../src/util/errors';
import type { Filter } from '../../src/filter/ast';
import { canonicalFilter } from '../../src/filter/build';
import { checkFilter } from '../../src/filter/check';
import { formatFilter } from '../../src/filter/format';
import { matches } from '../../src/filter/matches';
import { parseFilter } from '../../src/filter/parse';
import { resolveFilter } from '../../src/filter/time';
import { toFilter } from '../../src/filter/to-filter';
import { events, filters } from './arbitraries';

const NOW = Date.UTC(2026, 0, 1);

describe('formatFilter', () => {
  it.each([
    ['', ''],
    ['  level : ', undefined],
    ['level>=warning  Tag=a', undefined],
    ['level>=warning tag=a', 'level>=WARN tags:a'],
    ['a AND b', 'a b'],
    ['((a)) OR ((b))', 'a OR b'],
    ['(a b) c', 'a b c'],
    ['a OR b c', 'a OR (b c)'],
    ['NOT NOT a', 'a'],
    ['NOT (a OR b)', '-(a OR b)'],
    ['source:a OR source:b', 'source:a,b'],
    ['-source:a,b', '-source:a,b'],
    ['x OR source:a,b OR y', 'x OR source:a,b OR y'],
    ['source:"a" "b"', 'source:a b'],
    ['source:"a*" source:"a b"* source:a*', 'source:"a*" source:"a b"* source:a*'],
    ['data.x:"42" data.x:42', 'data.x:"42" data.x:42'],
    ['data."a".b:1', 'data.a.b:1'],
    ['data."a.b":1', 'data."a.b":1'],
    ['timestamp>=1767225600', 'timestamp>=2026-01-01T00:00:00Z'],
    ['timestamp>=now-120m', 'timestamp>=now-2h'],
    ['"" a', 'a'],
    ['a OR ""', ''],
    ['-""', '-""'],
    ['"-a" "AND" "a:b" "and"', '"-a" "AND" "a:b" and'],
    [String.raw`"a\"b\c\d"`, String.raw`"a\"b\\c\\d"`],
  ])('formats %j as %j', (text, expected) => {
    if (expected === undefined) expect(() => parseFilter(text)).toThrow();
    else expect(formatFilter(parseFilter(text))).toBe(expected);
  });

  it('returns text that parses to the canonical form', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        fc.pre(isWithinLimits(filter));
        expect(parseFilter(formatFilter(filter))).toStrictEqual(canonicalFilter(filter));
      }),
      { numRuns: 3000 },
    );
  });

  it('returns text that matches the same events', () => {
    fc.assert(
      fc.property(filters, events, (filter, event) => {
        fc.pre(isWithinLimits(filter));
        const original = resolveFilter(filter, NOW);
        const read = resolveFilter(parseFilter(formatFilter(filter)), NOW);
        return matches(original, event) === matches(read, event);
      }),
      { numRuns: 3000 },
    );
  });

  it('returns the same text after parsing and formatting', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        fc.pre(isWithinLimits(filter));
        const text = formatFilter(filter);
        expect(formatFilter(parseFilter(text))).toBe(text);
        expect(formatFilter(toFilter(filter))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

function isWithinLimits(filter: Filter): boolean {
  try {
    checkFilter(filter);
    return true;
  } catch (error) {
    expect(isVigilantError(error) && error.message).toMatch(/at most/);
    return false;
  }
}
