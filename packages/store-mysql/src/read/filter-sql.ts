import { SQL_UNDECIDED, compileToSql, fold } from '@vigilant/core/adapter';
import type { Filter } from '@vigilant/core';
import type { SqlComparisons, SqlCondition } from '@vigilant/core/adapter';
import { idToSql } from '../sql/event-row';

/** A value of a placeholder. */
type Parameter = string | number | Buffer;

/** A condition on rows. */
export type RowCondition = SqlCondition<Parameter>;

const COLUMN = {
  message: '`message`',
  origin: '`origin`',
  source: '`source`',
  type: '`type`',
  group: '`group`',
} as const;

/**
 * Text is compared by the hexadecimal digits of its bytes: the collations that MySQL and MariaDB share treat 'a' and 'a ' as equal,
 * and MySQL 8.0.15 finds rows for `CAST(a AS BINARY) = b AND CAST(a AS BINARY) <> b`.
 */
const COMPARISONS: SqlComparisons<Parameter> = {
  equals: (field, value) =>
    field === 'id' ? exact('`id` = ?', idToSql(value)) : exact(`HEX(${COLUMN[field]}) = ?`, hex(value)),
  startsWith: (field, value) =>
    field === 'id' ? SQL_UNDECIDED : exact(`HEX(${COLUMN[field]}) LIKE ?`, `${hex(value)}%`),
  // The servers fold ASCII like core. Every message with other characters must be checked with the matcher.
  messageContains: (text) =>
    inexact('INSTR(LOWER(`message`), ?) > 0 OR LENGTH(`message`) <> CHAR_LENGTH(`message`)', fold(text)),
  compares: (field, operator, value) =>
    Number.isSafeInteger(value) ? exact(`\`${field}\` ${operator} ?`, value) : SQL_UNDECIDED,
  isPresent: (field) =>
    field === 'tags' ? inexact("`tags` <> '[]'") : exact(`LENGTH(${COLUMN[field]}) > 0`),
  holds: (column, json) => inexact(`INSTR(\`${column}\`, ?) > 0`, json),
};

/** Compiles a filter, as far as SQL can decide it. */
export function compile(filter: Filter): RowCondition {
  return compileToSql(filter, COMPARISONS);
}

/** Returns the bytes of a text as the servers format them with `HEX`. */
function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}

function exact(sql: string, ...parameters: readonly Parameter[]): RowCondition {
  return { sql, parameters, isExact: true };
}

function inexact(sql: string, ...parameters: readonly Parameter[]): RowCondition {
  return { sql, parameters, isExact: false };
}
