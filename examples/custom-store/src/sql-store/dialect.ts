import { exactSql, searchJsonText, supersetSql } from '@vigilant/core/adapter';
import type { SqlDialect } from '@vigilant/core/adapter';

/** A value that is bound to a statement. */
export type Value = string | number;

const JSON_TEXT = searchJsonText<Value>((column, json, bind) => `instr(${column}, ${bind(json)}) > 0`);

/** The SQL of each test of a filter. */
export const DIALECT: SqlDialect<Value> = {
  always: '1',
  never: '0',
  placeholder: () => '?',
  equals: (field, value, bind) => exactSql(`"${field}" = ${bind(value)}`),
  // LIKE would ignore case and treat % as a wildcard. Texts that sort after the prefix are a superset of those that start with it.
  startsWith: (field, value, bind) => supersetSql(`"${field}" >= ${bind(value)}`),
  // lower() supports only ASCII here, so the matcher decides.
  messageContains: () => undefined,
  compares: (field, operator, value, bind) => exactSql(`"${field}" ${operator} ${bind(value)}`),
  isPresent: (field) => exactSql(field === 'tags' ? `tags <> '[]'` : `"${field}" <> ''`),
  hasTag: JSON_TEXT.hasTag,
  matchesData: JSON_TEXT.matchesData,
};
