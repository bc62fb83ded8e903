import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../src/filter/ast';
import { searchJsonText } from '../../src/filter/json-text';
import { createMatcher } from '../../src/filter/matches';
import { parseFilter } from '../../src/filter/parse';
import type { SqlDialect, SqlTest } from '../../src/filter/sql';
import { compileToSql, exactSql, supersetSql } from '../../src/filter/sql';
import { events, resolvedFilters } from './arbitraries';

const OF_LATER_VERSIONS = [
  { kind: 'later' },
  { kind: 'text', field: 'source', operator: 'matches', value: 'a' },
  { kind: 'text', field: 'trace', operator: 'equals', value: 'a' },
  { kind: 'ordered', field: 'level', operator: '~', value: 1 },
  { kind: 'present', field: 'trace' },
  { kind: 'data', path: ['a'], test: { operator: 'absent' } },
] as unknown as readonly Filter[];

/** A dialect that decides every test, so that only parts that compileToSql itself cannot decide are undecided. */
const DIALECT: SqlDialect<unknown> = {
  always: 'true',
  never: 'false',
  placeholder: (position) => `$${position}`,
  equals: (field, value, bind) => exactSql(`${field} = ${bind(value)}`),
  startsWith: (field, value, bind) => exactSql(`${field} ^ ${bind(value)}`),
  messageContains: (text, bind) => exactSql(`message has ${bind(text)}`),
  compares: (field, operator, value, bind) => exactSql(`${field} ${operator} ${bind(value)}`),
  isPresent: (field) => exactSql(`${field} present`),
  hasTag: (operator, value, bind) => exactSql(`tags ${operator} ${bind(value)}`),
  matchesData: (path, { operator }, bind) => exactSql(`${bind(path.join('/'))} ${operator}`),
};

const LONE = '\ud800';
const dataOf = (test: object, path: readonly string[] = ['x']) => ({ kind: 'data', path, test }) as Filter;
const not = (filter: Filter): Filter => ({ kind: 'not', filter });

describe('compileToSql', () => {
  it.each(OF_LATER_VERSIONS)('leaves %j and its negation undecided', (filter) => {
    for (const each of [filter, not(filter)])
      expect(compileToSql(each, DIALECT)).toEqual({ sql: 'true', parameters: [], isExact: false });
  });

  it('decides the rest of a conjunction', () => {
    const filter: Filter = { kind: 'and', filters: [parseFilter('level>=WARN'), { kind: 'later' } as never] };
    expect(compileToSql(filter, DIALECT)).toMatchObject({ sql: '(level >= $1) AND (true)', isExact: false });
  });

  it('leaves a relative time undecided', () => {
    expect(compileToSql(parseFilter('timestamp>now-2h'), DIALECT).isExact).toBe(false);
  });

  it.each<[string, string, readonly unknown[]]>([
    ['', 'true', []],
    ['word', 'message has $1', ['word']],
    ['source:a', 'source = $1', ['a']],
    ['source:a*', 'source ^ $1', ['a']],
    ['source:*', 'source present', []],
    ['tag:a', 'tags equals $1', ['a']],
    ['tag:a*', 'tags prefix $1', ['a']],
    ['tag:*', 'tags present', []],
    ['id:*', 'true', []],
    ['level:*', 'true', []],
    ['severity:*', 'true', []],
    ['timestamp:*', 'true', []],
    ['level>=WARN', 'level >= $1', [2]],
    ['data.a.x:*', '$1 present', ['a/x']],
    ['a source:b', '(message has $1) AND (source = $2)', ['a', 'b']],
    ['a OR source:b', '(message has $1) OR (source = $2)', ['a', 'b']],
    ['-a', 'NOT (message has $1)', ['a']],
    ['-(a source:b)', '(NOT (message has $1)) OR (NOT (source = $2))', ['a', 'b']],
    ['-(a OR source:b)', '(NOT (message has $1)) AND (NOT (source = $2))', ['a', 'b']],
    ['source:a (word OR id:b)', '(source = $1) AND ((message has $2) OR (id = $3))', ['a', 'word', 'b']],
  ])('compiles %j to %s', (filter, sql, parameters) => {
    expect(compileToSql(parseFilter(filter), DIALECT)).toEqual({ sql, parameters, isExact: true });
  });

  it.each<[string, Filter, string]>([
    ['an empty conjunction', { kind: 'and', filters: [] }, 'true'],
    ['an empty disjunction', { kind: 'or', filters: [] }, 'false'],
    ['an empty text', { kind: 'contains', text: '' }, 'true'],
    ['a double negation', not(not(parseFilter('tag:*'))), 'tags present'],
  ])('compiles %s', (_, filter, sql) => {
    expect(compileToSql(filter, DIALECT)).toEqual({ sql, parameters: [], isExact: true });
  });

  it.each<[string, Filter]>([
    ['half a surrogate pair', { kind: 'text', field: 'source', operator: 'equals', value: LONE }],
    ['half a surrogate pair in tags', { kind: 'text', field: 'tags', operator: 'prefix', value: LONE }],
    ['an empty path', dataOf({ operator: 'present' }, [])],
  ])('leaves %s undecided', (_, filter) => {
    expect(compileToSql(filter, DIALECT)).toEqual({ sql: 'true', parameters: [], isExact: false });
  });
});

describe('compileToSql with conditions that are not exact', () => {
  const dialect: SqlDialect<unknown> = {
    ...DIALECT,
    messageContains: (text, bind) => supersetSql(`message may have ${bind(text)}`),
    startsWith: (_, value, bind) => (bind(value) === '' ? exactSql('') : undefined),
  };
  const compile = (filter: string) => compileToSql(parseFilter(filter), dialect);

  it('is exact only if every part is', () => {
    expect(compile('source:a id:b').isExact).toBe(true);
    expect(compile('source:a word').isExact).toBe(false);
    expect(compile('word OR source:a').isExact).toBe(false);
    expect(compile('source:a type:b*').isExact).toBe(false);
  });

  it.each(['-word', '-(type:b*)'])('leaves %s undecided and binds none of its values', (filter) => {
    expect(compile(`${filter} source:a`)).toEqual({
      sql: '(true) AND (source = $1)',
      parameters: ['a'],
      isExact: false,
    });
  });

  it('binds no value of a test that the dialect cannot decide', () => {
    expect(compile('type:b* source:a')).toEqual({
      sql: '(true) AND (source = $1)',
      parameters: ['a'],
      isExact: false,
    });
  });
});

/** Evaluates the AND, OR and NOT of a condition. `meets` returns whether the row meets the condition of a parameter. */
function evaluate(sql: string, meets: (index: number) => boolean = () => false): boolean {
  const script = sql.replaceAll(' AND ', ' && ').replaceAll(' OR ', ' || ').replaceAll('NOT ', '!');
  return (new Function('meets', `return ${script};`) as (meets: unknown) => boolean)(meets);
}

/** A dialect whose parameters are the leaves. `isExactOf` returns whether each is exact; `undefined` if SQL cannot decide it. */
function dialectOfLeaves(isExactOf: (leaf: Filter) => boolean | undefined): SqlDialect<Filter> {
  const test = (leaf: Filter, bind: (leaf: Filter) => string): SqlTest | undefined => {
    const isExact = isExactOf(leaf);
    return isExact === undefined ? undefined : { sql: bind(leaf), isExact };
  };
  return {
    always: 'true',
    never: 'false',
    placeholder: (position) => `meets(${position - 1})`,
    equals: (field, value, bind) => test({ kind: 'text', field, operator: 'equals', value }, bind),
    startsWith: (field, value, bind) => test({ kind: 'text', field, operator: 'prefix', value }, bind),
    messageContains: (text, bind) => test({ kind: 'contains', text }, bind),
    compares: (field, operator, value, bind) => test({ kind: 'ordered', field, operator, value }, bind),
    isPresent: () => undefined,
    hasTag: (operator, value, bind) => test({ kind: 'text', field: 'tags', operator, value }, bind),
    matchesData: (path, dataTest, bind) => test({ kind: 'data', path, test: dataTest }, bind),
  };
}

describe('compileToSql of generated filters', () => {
  it('meets every row that matches, and no other row if it is exact', () => {
    const exactness = fc.func(fc.constantFrom(true, true, false, undefined));
    const surplus = fc.func(fc.boolean());
    const inputs = [resolvedFilters, events, exactness, surplus] as const;
    const property = fc.property(...inputs, (filter, event, isExactOf, isSurplus) => {
      const { sql, parameters, isExact } = compileToSql(filter, dialectOfLeaves(isExactOf));
      const isRowMet = evaluate(sql, (index) => {
        const leaf = parameters[index] as Filter;
        return createMatcher(leaf)(event) || (isExactOf(leaf) === false && isSurplus(leaf));
      });
      const isMatch = createMatcher(filter)(event);
      if (isExact) expect(isRowMet).toBe(isMatch);
      else if (isMatch) expect(isRowMet).toBe(true);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe('searchJsonText', () => {
  const { hasTag, matchesData } = searchJsonText<string>((column, json) => `${column} has ${json}`);
  const compile = (filter: Filter) =>
    compileToSql(filter, { ...(DIALECT as SqlDialect<string>), hasTag, matchesData });

  it.each([
    ['tag:a', 'tags has "a"'],
    ['tag:a*', 'tags has "a'],
    ['data.a.x:*', '((data has x":))'],
    ['data.x>5', '((data has x":))'],
    ['data.x:a', '((data has x":)) AND ((data has "a"))'],
    ['data.x:a*', '((data has x":)) AND ((data has "a))'],
    ['data.x:"42"', '((data has x":)) AND ((data has "42"))'],
    ['data.x:42', '((data has x":)) AND ((data has "42") OR (data has 42))'],
    ['data.x:null', '((data has x":)) AND ((data has "null") OR (data has null))'],
    ['data."a\\"b":*', '((data has a\\"b":))'],
  ])('compiles %j to %s', (filter, sql) => {
    expect(compile(parseFilter(filter))).toEqual({ sql, parameters: [], isExact: false });
  });

  it.each<[string, Filter, string]>([
    ['a prefix of half a surrogate pair', dataOf({ operator: 'prefix', text: LONE }), '((data has x":))'],
    [
      'half a surrogate pair',
      dataOf({ operator: 'equals', text: LONE }),
      '((data has x":)) AND ((data has "\\ud800"))',
    ],
  ])('compiles %s', (_, filter, sql) => {
    expect(compile(filter)).toEqual({ sql, parameters: [], isExact: false });
  });

  it('meets every event that matches', () => {
    const property = fc.property(resolvedFilters, events, (filter, event) => {
      const columns = { tags: JSON.stringify(event.tags), data: JSON.stringify(event.data) };
      const search = searchJsonText<string>((column, json) => String(columns[column].includes(json)));
      const dialect = { ...(dialectOfLeaves(() => undefined) as SqlDialect<unknown>), ...search };
      if (createMatcher(filter)(event)) expect(evaluate(compileToSql(filter, dialect).sql)).toBe(true);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
