import { describe, expect, it } from 'vitest';
import type { Filter } from '../../src/filter/ast';
import { parseFilter } from '../../src/filter/parse';
import { widenFilter } from '../../src/filter/widen';

const unknown = { kind: 'later' } as unknown as Filter;
const unknownTest = { kind: 'data', path: ['a'], test: { operator: 'later' } } as unknown as Filter;
const error: Filter = { kind: 'ordered', field: 'level', operator: '=', value: 3 };
const ALL: Filter = { kind: 'all' };
const NOTHING: Filter = { kind: 'or', filters: [] };
const and = (...filters: Filter[]): Filter => ({ kind: 'and', filters });
const or = (...filters: Filter[]): Filter => ({ kind: 'or', filters });
const not = (filter: Filter): Filter => ({ kind: 'not', filter });

describe('widenFilter', () => {
  it('returns a known filter unchanged', () => {
    const filter = parseFilter('level>=WARN -source:a (tag:x OR data.n>5 OR data.s:a* OR data.p:*) "text"');
    expect(widenFilter(filter)).toEqual({ filter, isExact: true });
  });

  it.each([
    [unknown, ALL],
    [unknownTest, ALL],
    [not(unknown), not(NOTHING)],
    [not(not(unknown)), not(not(ALL))],
    [and(unknown, error), and(ALL, error)],
    [or(error, not(and(error, unknown))), or(error, not(and(error, NOTHING)))],
  ])('replaces unknown parts of %j', (filter, widened) => {
    expect(widenFilter(filter)).toEqual({ filter: widened, isExact: false });
  });
});
