import type { Filter } from '@vigilant/core';
import type { SqlCondition, SqlDialect } from '@vigilant/core/adapter';
import { compileToSql, exactSql, searchJsonText, supersetSql } from '@vigilant/core/adapter';
import type { SqlValue } from '../sqlite/driver';
import { idToSql } from './row';

const COLUMN = {
  message: 'message',
  origin: 'origin',
  source: 'source',
  type: 'type',
  group: '"group"',
} as const;

const JSON_TEXT = searchJsonText<SqlValue>((column, json, bind) => `instr(${column}, ${bind(json)}) > 0`);

/** Only comparisons of whole values are exact. */
const DIALECT: SqlDialect<SqlValue> = {
  always: '1',
  never: '0',
  placeholder: () => '?',
  equals: (field, value, bind) =>
    exactSql(field === 'id' ? `id = ${bind(idToSql(value))}` : `${COLUMN[field]} = ${bind(value)}`),
  startsWith: (field, value, bind) =>
    field === 'id' ? undefined : supersetSql(`${COLUMN[field]} >= ${bind(value)}`),
  messageContains: () => undefined,
  // The plus keeps SQLite from using this bound for the index: the walk has bounds of its own.
  compares: (field, operator, value, bind) =>
    exactSql(`${field === 'timestamp' ? '+timestamp' : field} ${operator} ${bind(value)}`),
  isPresent: (field) => (field === 'tags' ? supersetSql("tags <> '[]'") : exactSql(`${COLUMN[field]} <> ''`)),
  hasTag: JSON_TEXT.hasTag,
  matchesData: JSON_TEXT.matchesData,
};

/** Compiles a filter, as far as SQL can decide it. */
export function compile(filter: Filter): SqlCondition<SqlValue> {
  return compileToSql(filter, DIALECT);
}
