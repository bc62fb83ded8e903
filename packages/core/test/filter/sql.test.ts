import { describe, expect, it } from 'vitest';
import type { Filter } from '../../src/filter/ast';
import { parseFilter } from '../../src/filter/parse';
import type { SqlComparisons, SqlCondition } from '../../src/filter/sql';
import { compileToSql } from '../../src/filter/sql';

const OF_LATER_VERSIONS = [
  { kind: 'later' },
  { kind: 'text', field: 'source', operator: 'matches', value: 'a' },
  { kind: 'text', field: 'trace', operator: 'equals', value: 'a' },
  { kind: 'ordered', field: 'level', operator: '~', value: 1 },
  { kind: 'present', field: 'trace' },
  { kind: 'data', path: ['a'], test: { operator: 'absent' } },
] as unknown as readonly Filter[];

/** Comparisons that are all exact, so that only parts that compileToSql itself cannot decide are undecided. */
const exact = (sql: string) => (): SqlCondition => ({ sql, parameters: [], isExact: true });
const COMPARISONS: SqlComparisons<unknown> = {
  equals: exact('equals'),
  startsWith: exact('prefix'),
  messageContains: exact('contains'),
  compares: exact('compares'),
  isPresent: exact('present'),
  holds: exact('holds'),
};

describe('compileToSql', () => {
  it.each(OF_LATER_VERSIONS)('leaves %j and its negation undecided', (filter) => {
    for (const each of [filter, { kind: 'not' as const, filter }])
      expect(compileToSql(each, COMPARISONS)).toEqual({ sql: '1', parameters: [], isExact: false });
  });

  it('decides the rest of a conjunction', () => {
    const filter: Filter = { kind: 'and', filters: [parseFilter('level>=WARN'), { kind: 'later' } as never] };
    expect(compileToSql(filter, COMPARISONS)).toMatchObject({ sql: '(compares) AND (1)', isExact: false });
  });

  it('leaves a relative time undecided', () => {
    expect(compileToSql(parseFilter('timestamp>now-2h'), COMPARISONS).isExact).toBe(false);
  });
});

describe('compileToSql of leaves', () => {
  const condition = (sql: string): SqlCondition<string> => ({ sql, parameters: [], isExact: true });
  const WRITTEN: SqlComparisons<string> = {
    equals: (field, value) => condition(`${field} = ${value}`),
    startsWith: (field, value) => condition(`${field} ^ ${value}`),
    messageContains: (text) => condition(`message has ${text}`),
    compares: (field, operator, value) => condition(`${field} ${operator} ${value}`),
    isPresent: (field) => condition(`${field} present`),
    holds: (column, json) => condition(`${column} has ${json}`),
  };
  const LONE = '\ud800';
  const dataOf = (test: object, path: readonly string[] = ['x']) => ({ kind: 'data', path, test }) as Filter;

  it.each([
    ['', '1'],
    ['word', 'message has word'],
    ['source:a', 'source = a'],
    ['source:a*', 'source ^ a'],
    ['source:*', 'source present'],
    ['tag:a', 'tags has "a"'],
    ['tag:a*', 'tags has "a'],
    ['tag:*', 'tags present'],
    ['message:*', 'message present'],
    ['id:*', '1'],
    ['level:*', '1'],
    ['severity:*', '1'],
    ['timestamp:*', '1'],
    ['level>=WARN', 'level >= 2'],
    ['data.a.x:*', 'data has x":'],
    ['data.x>5', 'data has x":'],
    ['data.x:a', '(data has x":) AND (data has "a")'],
    ['data.x:a*', '(data has x":) AND (data has "a)'],
    ['data.x:"42"', '(data has x":) AND (data has "42")'],
    ['data.x:42', '(data has x":) AND ((data has "42") OR (data has 42))'],
    ['data.x:null', '(data has x":) AND ((data has "null") OR (data has null))'],
    ['data."a\\"b":*', 'data has a\\"b":'],
    ['a source:b', '(message has a) AND (source = b)'],
    ['a OR source:b', '(message has a) OR (source = b)'],
    ['-a', 'NOT (message has a)'],
    ['-(a source:b)', '(NOT (message has a)) OR (NOT (source = b))'],
    ['-(a OR source:b)', '(NOT (message has a)) AND (NOT (source = b))'],
  ])('compiles %j to %s', (filter, sql) => {
    expect(compileToSql(parseFilter(filter), WRITTEN)).toEqual({ sql, parameters: [], isExact: true });
  });

  it.each<[string, Filter, string]>([
    ['an empty conjunction', { kind: 'and', filters: [] }, '1'],
    ['an empty disjunction', { kind: 'or', filters: [] }, '0'],
    ['an empty text', { kind: 'contains', text: '' }, '1'],
    [
      'a double negation',
      { kind: 'not', filter: { kind: 'not', filter: parseFilter('a') } },
      'message has a',
    ],
    ['a prefix of half a surrogate pair', dataOf({ operator: 'prefix', text: LONE }), 'data has x":'],
    [
      'half a surrogate pair in data',
      dataOf({ operator: 'equals', text: LONE }),
      '(data has x":) AND (data has "\\ud800")',
    ],
  ])('compiles %s', (_, filter, sql) => {
    expect(compileToSql(filter, WRITTEN)).toEqual({ sql, parameters: [], isExact: true });
  });

  it.each<[string, Filter]>([
    ['half a surrogate pair', { kind: 'text', field: 'source', operator: 'equals', value: LONE }],
    ['half a surrogate pair in tags', { kind: 'text', field: 'tags', operator: 'prefix', value: LONE }],
    ['an empty path', dataOf({ operator: 'present' }, [])],
  ])('leaves %s undecided', (_, filter) => {
    expect(compileToSql(filter, WRITTEN)).toEqual({ sql: '1', parameters: [], isExact: false });
  });
});

describe('compileToSql of inexact comparisons', () => {
  const comparisons: SqlComparisons<unknown> = {
    ...COMPARISONS,
    equals: (_, value) => ({ sql: 'equals', parameters: [value], isExact: true }),
    messageContains: (text) => ({ sql: 'contains', parameters: [text], isExact: false }),
  };
  const compile = (filter: string) => compileToSql(parseFilter(filter), comparisons);

  it('is exact only if every part is', () => {
    expect(compile('source:a id:b').isExact).toBe(true);
    expect(compile('source:a word').isExact).toBe(false);
    expect(compile('word OR source:a').isExact).toBe(false);
  });

  it('lists the parameters in their order', () => {
    expect(compile('source:a (word OR id:b)')).toEqual({
      sql: '(equals) AND ((contains) OR (equals))',
      parameters: ['a', 'word', 'b'],
      isExact: false,
    });
  });

  it('leaves the complement of an inexact comparison undecided', () => {
    expect(compile('-word')).toEqual({ sql: '1', parameters: [], isExact: false });
  });

  it('keeps the parameters of a complement', () => {
    expect(compile('-source:a')).toEqual({ sql: 'NOT (equals)', parameters: ['a'], isExact: true });
  });
});
