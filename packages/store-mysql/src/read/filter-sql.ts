import { compileToSql, exactSql, fold, searchJsonText, supersetSql } from '@vigilant/core/adapter';
import type { Filter } from '@vigilant/core';
import type { SqlCondition, SqlDialect } from '@vigilant/core/adapter';
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

const JSON_TEXT = searchJsonText<Parameter>(
  (column, json, bind) => `INSTR(\`${column}\`, ${bind(json)}) > 0`,
);

/**
 * Text is compared by the hexadecimal digits of its bytes: the collations that MySQL and MariaDB share treat 'a' and 'a ' as equal,
 * and MySQL 8.0.15 finds rows for `CAST(a AS BINARY) = b AND CAST(a AS BINARY) <> b`.
 */
const DIALECT: SqlDialect<Parameter> = {
  always: '1',
  never: '0',
  placeholder: () => '?',
  equals: (field, value, bind) =>
    exactSql(
      field === 'id' ? `\`id\` = ${bind(idToSql(value))}` : `HEX(${COLUMN[field]}) = ${bind(hex(value))}`,
    ),
  startsWith: (field, value, bind) =>
    field === 'id' ? undefined : exactSql(`HEX(${COLUMN[field]}) LIKE ${bind(`${hex(value)}%`)}`),
  // The servers fold ASCII like core. Every message with other characters must be checked with the matcher.
  messageContains: (text, bind) =>
    supersetSql(
      `INSTR(LOWER(\`message\`), ${bind(fold(text))}) > 0 OR LENGTH(\`message\`) <> CHAR_LENGTH(\`message\`)`,
    ),
  compares: (field, operator, value, bind) =>
    Number.isSafeInteger(value) ? exactSql(`\`${field}\` ${operator} ${bind(value)}`) : undefined,
  isPresent: (field) =>
    field === 'tags' ? supersetSql("`tags` <> '[]'") : exactSql(`LENGTH(${COLUMN[field]}) > 0`),
  hasTag: JSON_TEXT.hasTag,
  matchesData: JSON_TEXT.matchesData,
};

/** Compiles a filter, as far as SQL can decide it. */
export function compile(filter: Filter): RowCondition {
  return compileToSql(filter, DIALECT);
}

/** Returns the bytes of a text as the servers format them with `HEX`. */
function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}
