import type { Filter } from '@vigilant/core';
import type { SqlComparisons, SqlCondition } from '@vigilant/core/adapter';
import { compileToSql, SQL_UNDECIDED } from '@vigilant/core/adapter';
import type { SqlValue } from '../sqlite/driver';
import { idToSql } from './row';

const COLUMN = {
  message: 'message',
  origin: 'origin',
  source: 'source',
  type: 'type',
  group: '"group"',
} as const;

/** Only comparisons of whole values are exact. */
const COMPARISONS: SqlComparisons<SqlValue> = {
  equals: (field, value) =>
    field === 'id' ? exact('id = ?', idToSql(value)) : exact(`${COLUMN[field]} = ?`, value),
  startsWith: (field, value) => (field === 'id' ? SQL_UNDECIDED : wide(`${COLUMN[field]} >= ?`, value)),
  messageContains: () => SQL_UNDECIDED,
  // The plus keeps SQLite from using this bound for the index: the walk has bounds of its own.
  compares: (field, operator, value) =>
    exact(`${field === 'timestamp' ? '+timestamp' : field} ${operator} ?`, value),
  isPresent: (field) => (field === 'tags' ? wide("tags <> '[]'") : exact(`${COLUMN[field]} <> ''`)),
  holds: (column, json) => wide(`instr(${column}, ?) > 0`, json),
};

/** Compiles a filter, as far as SQL can decide it. */
export function compile(filter: Filter): SqlCondition<SqlValue> {
  return compileToSql(filter, COMPARISONS);
}

function exact(sql: string, ...parameters: readonly SqlValue[]): SqlCondition<SqlValue> {
  return { sql, parameters, isExact: true };
}

function wide(sql: string, ...parameters: readonly SqlValue[]): SqlCondition<SqlValue> {
  return { sql, parameters, isExact: false };
}
