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
