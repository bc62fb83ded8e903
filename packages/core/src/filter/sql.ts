import { toWellFormed } from '../util/text';
import type { Comparison, DataTest, Filter, OrderedField, TextField } from './ast';
import type { Leaf } from './build';
import { isKnownLeaf } from './check';

/** A condition in SQL that every matching row meets. */
export interface SqlCondition<Value = unknown> {
  readonly sql: string;
  /** For its placeholders, in their order. */
  readonly parameters: readonly Value[];
  /** Rows that meet it all match; otherwise the matcher has to look. */
  readonly isExact: boolean;
}

/** Met by every row. */
export const SQL_ALL: SqlCondition<never> = { sql: '1', parameters: [], isExact: true };

/** Met by every row, since SQL cannot decide it. */
export const SQL_UNDECIDED: SqlCondition<never> = { ...SQL_ALL, isExact: false };

const NONE: SqlCondition<never> = { sql: '0', parameters: [], isExact: true };

/** How a database compares single values. Each answer may be wider than what is asked for, if it says so. */
export interface SqlComparisons<Value> {
  /** The text of a field is this one. */
  equals(field: Exclude<TextField, 'tags'>, value: string): SqlCondition<Value>;
  /** The text of a field starts with this. */
  startsWith(field: Exclude<TextField, 'tags'>, value: string): SqlCondition<Value>;
  /** The message contains a text that is not empty, as `fold` sees both. */
  messageContains(text: string): SqlCondition<Value>;
  compares(field: OrderedField, operator: Comparison, value: number): SqlCondition<Value>;
  /** The text of a field is not empty; there are tags. */
  isPresent(field: Exclude<TextField, 'id'>): SqlCondition<Value>;
  /** The JSON of tags or data, as `JSON.stringify` writes it, contains this piece of JSON. */
  holds(column: 'tags' | 'data', json: string): SqlCondition<Value>;
}

/**
 * Compiles a filter as far as SQL can decide it. Text within JSON is searched for in its JSON form.
 *
 * Relative times, and kinds, fields and operators of later versions, are undecided; see `widenFilter`.
 */
export function compileToSql<Value>(filter: Filter, sql: SqlComparisons<Value>): SqlCondition<Value> {
  switch (filter.kind) {
    case 'and':
      return all(filter.filters.map((each) => compileToSql(each, sql)));
    case 'or':
      return any(filter.filters.map((each) => compileToSql(each, sql)));
    case 'not':
      return complement(filter.filter, sql);
    default:
      return isKnownLeaf(filter) ? compileLeaf(filter, sql) : SQL_UNDECIDED;
  }
}

function compileLeaf<Value>(filter: Leaf, sql: SqlComparisons<Value>): SqlCondition<Value> {
  switch (filter.kind) {
    case 'all':
      return SQL_ALL;
    case 'contains':
      return filter.text === '' ? SQL_ALL : sql.messageContains(filter.text);
    case 'text':
      return text(filter, sql);
    case 'ordered':
      return sql.compares(filter.field, filter.operator, filter.value);
    case 'present':
      return present(filter.field, sql);
    case 'data':
      return data(filter.path, filter.test, sql);
    case 'relative':
      return SQL_UNDECIDED;
  }
}

/** Compiles what a filter does not match; the deeper the complement is taken, the more of it SQL can decide. */
function complement<Value>(filter: Filter, sql: SqlComparisons<Value>): SqlCondition<Value> {
  switch (filter.kind) {
    case 'and':
      return any(filter.filters.map((each) => complement(each, sql)));
    case 'or':
      return all(filter.filters.map((each) => complement(each, sql)));
    case 'not':
      return compileToSql(filter.filter, sql);
    default: {
      const inner = compileToSql(filter, sql);
      // The complement of a condition that is too wide would be too narrow.
      return inner.isExact ? { ...inner, sql: `NOT (${inner.sql})` } : SQL_UNDECIDED;
    }
  }
}

function text<Value>(
  { field, operator, value }: Extract<Filter, { kind: 'text' }>,
  sql: SqlComparisons<Value>,
): SqlCondition<Value> {
  // A database would take half a surrogate pair for another character.
  if (toWellFormed(value) !== value) return SQL_UNDECIDED;
  if (field !== 'tags')
    return operator === 'equals' ? sql.equals(field, value) : sql.startsWith(field, value);
  const json = JSON.stringify(value);
  return sql.holds('tags', operator === 'equals' ? json : json.slice(0, -1));
}

function present<Value>(field: TextField | OrderedField, sql: SqlComparisons<Value>): SqlCondition<Value> {
  const isAlways = field === 'id' || field === 'level' || field === 'severity' || field === 'timestamp';
  return isAlways ? SQL_ALL : sql.isPresent(field);
}

function data<Value>(
  path: readonly string[],
  test: DataTest,
  sql: SqlComparisons<Value>,
): SqlCondition<Value> {
  const key = path.at(-1);
  if (key === undefined) return SQL_UNDECIDED;
  const holds = (json: string): SqlCondition<Value> => sql.holds('data', json);
  // Whether nested or with dots in it, the key ends with the last segment.
  const hasKey = holds(`${JSON.stringify(key).slice(1)}:`);
  if (test.operator === 'prefix') {
    // JSON writes half a surrogate pair as an escape, and the whole pair as it is.
    if (toWellFormed(test.text) !== test.text) return hasKey;
    return all([hasKey, holds(JSON.stringify(test.text).slice(0, -1))]);
  }
  if (test.operator !== 'equals') return hasKey;
  const isText = holds(JSON.stringify(test.text));
  if (test.literal === undefined) return all([hasKey, isText]);
  return all([hasKey, any([isText, holds(JSON.stringify(test.literal))])]);
}

function all<Value>(conditions: readonly SqlCondition<Value>[]): SqlCondition<Value> {
  return combine(conditions, ' AND ', SQL_ALL);
}

function any<Value>(conditions: readonly SqlCondition<Value>[]): SqlCondition<Value> {
  return combine(conditions, ' OR ', NONE);
}

function combine<Value>(
  conditions: readonly SqlCondition<Value>[],
  by: string,
  none: SqlCondition<Value>,
): SqlCondition<Value> {
  if (conditions.length === 0) return none;
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(by),
    parameters: conditions.flatMap(({ parameters }) => parameters),
    isExact: conditions.every(({ isExact }) => isExact),
  };
}
