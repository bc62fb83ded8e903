import { toWellFormed } from '../util/text';
import type { Comparison, DataTest, Filter, OrderedField, TextField } from './ast';
import type { Leaf } from './build';
import { isKnownLeaf } from './check';

/** A SQL condition that every matching row meets. */
export interface SqlCondition<Value = unknown> {
  readonly sql: string;
  /** Values of the placeholders, in order. */
  readonly parameters: readonly Value[];
  /** Whether every row that meets the condition matches. Otherwise the rows must be checked with a matcher. */
  readonly isExact: boolean;
}

/** The condition that every row meets. */
export const SQL_ALL: SqlCondition<never> = { sql: '1', parameters: [], isExact: true };

/** The condition for a filter that SQL cannot decide. Every row meets it. */
export const SQL_UNDECIDED: SqlCondition<never> = { ...SQL_ALL, isExact: false };

const NONE: SqlCondition<never> = { sql: '0', parameters: [], isExact: true };

/** SQL comparisons of a database. A condition may match more rows than requested if `isExact` is `false`. */
export interface SqlComparisons<Value> {
  /** The text of a field equals `value`. */
  equals(field: Exclude<TextField, 'tags'>, value: string): SqlCondition<Value>;
  /** The text of a field starts with `value`. */
  startsWith(field: Exclude<TextField, 'tags'>, value: string): SqlCondition<Value>;
  /** The folded message contains the folded text, which is not empty (see `fold`). */
  messageContains(text: string): SqlCondition<Value>;
  /** The comparison with an ordered field holds. */
  compares(field: OrderedField, operator: Comparison, value: number): SqlCondition<Value>;
  /** The text of a field is not empty, or there is a tag. */
  isPresent(field: Exclude<TextField, 'id'>): SqlCondition<Value>;
  /** The JSON of tags or data, as written by `JSON.stringify`, contains a piece of JSON. */
  holds(column: 'tags' | 'data', json: string): SqlCondition<Value>;
}

/**
 * Compiles a filter to SQL as far as SQL can decide it. Text in tags and data is searched for in its JSON form.
 *
 * Relative times, and kinds, fields and operators of later versions, are undecided (see `widenFilter`).
 */
export function compileToSql<Value>(filter: Filter, sql: SqlComparisons<Value>): SqlCondition<Value> {
  switch (filter.kind) {
    case 'and':
      return conjunction(filter.filters.map((each) => compileToSql(each, sql)));
    case 'or':
      return disjunction(filter.filters.map((each) => compileToSql(each, sql)));
    case 'not':
      return compileNegation(filter.filter, sql);
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
      return compileText(filter, sql);
    case 'ordered':
      return sql.compares(filter.field, filter.operator, filter.value);
    case 'present':
      return compilePresent(filter.field, sql);
    case 'data':
      return compileData(filter.path, filter.test, sql);
    case 'relative':
      return SQL_UNDECIDED;
  }
}

/** Compiles the negation of a filter. It is moved to the leaves, where SQL can decide more of it. */
function compileNegation<Value>(filter: Filter, sql: SqlComparisons<Value>): SqlCondition<Value> {
  switch (filter.kind) {
    case 'and':
      return disjunction(filter.filters.map((each) => compileNegation(each, sql)));
    case 'or':
      return conjunction(filter.filters.map((each) => compileNegation(each, sql)));
    case 'not':
      return compileToSql(filter.filter, sql);
    default: {
      const inner = compileToSql(filter, sql);
      // The negation of a condition that matches too many rows would match too few.
      return inner.isExact ? { ...inner, sql: `NOT (${inner.sql})` } : SQL_UNDECIDED;
    }
  }
}

function compileText<Value>(
  { field, operator, value }: Extract<Filter, { kind: 'text' }>,
  sql: SqlComparisons<Value>,
): SqlCondition<Value> {
  // A database would replace a lone surrogate with another character.
  if (toWellFormed(value) !== value) return SQL_UNDECIDED;
  if (field !== 'tags')
    return operator === 'equals' ? sql.equals(field, value) : sql.startsWith(field, value);
  const json = JSON.stringify(value);
  return sql.holds('tags', operator === 'equals' ? json : json.slice(0, -1));
}

function compilePresent<Value>(
  field: TextField | OrderedField,
  sql: SqlComparisons<Value>,
): SqlCondition<Value> {
  const isAlways = field === 'id' || field === 'level' || field === 'severity' || field === 'timestamp';
  return isAlways ? SQL_ALL : sql.isPresent(field);
}

function compileData<Value>(
  path: readonly string[],
  test: DataTest,
  sql: SqlComparisons<Value>,
): SqlCondition<Value> {
  const key = path.at(-1);
  if (key === undefined) return SQL_UNDECIDED;
  const holds = (json: string): SqlCondition<Value> => sql.holds('data', json);
  // The key ends with the last segment, whether it is nested or contains dots.
  const hasKey = holds(`${JSON.stringify(key).slice(1)}:`);
  if (test.operator === 'prefix') {
    // JSON escapes a lone surrogate, but not a surrogate pair.
    if (toWellFormed(test.text) !== test.text) return hasKey;
    return conjunction([hasKey, holds(JSON.stringify(test.text).slice(0, -1))]);
  }
  if (test.operator !== 'equals') return hasKey;
  const isText = holds(JSON.stringify(test.text));
  if (test.literal === undefined) return conjunction([hasKey, isText]);
  return conjunction([hasKey, disjunction([isText, holds(JSON.stringify(test.literal))])]);
}

function conjunction<Value>(conditions: readonly SqlCondition<Value>[]): SqlCondition<Value> {
  return combine(conditions, ' AND ', SQL_ALL);
}

function disjunction<Value>(conditions: readonly SqlCondition<Value>[]): SqlCondition<Value> {
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
