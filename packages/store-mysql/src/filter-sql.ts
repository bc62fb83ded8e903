import type { DataTest, Filter } from '@vigilant/core';
import { fold, toWellFormed } from '@vigilant/core';
import { idToSql } from './row';

/** A condition in SQL that every matching row meets. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number | Buffer)[];
  /** Rows that meet it all match; otherwise the matcher has to look. */
  readonly isExact: boolean;
}

/** Met by every row. */
export const ALL: Condition = { sql: '1', parameters: [], isExact: true };
const NONE: Condition = { sql: '0', parameters: [], isExact: true };
const UNDECIDED: Condition = { ...ALL, isExact: false };

const COLUMN = {
  message: '`message`',
  origin: '`origin`',
  source: '`source`',
  type: '`type`',
  group: '`group`',
} as const;

/**
 * Compiles a filter, as far as SQL can decide it.
 *
 * Text is compared by its bytes as digits: the collations that MySQL and MariaDB share hold 'a' and 'a ' equal, and
 * MySQL 8.0.15 finds rows for `CAST(a AS BINARY) = b AND CAST(a AS BINARY) <> b`. Text within JSON is looked
 * for as the JSON that would hold it, which finds every match and some more.
 */
export function compile(filter: Filter): Condition {
  switch (filter.kind) {
    case 'all':
      return ALL;
    case 'and':
      return all(filter.filters.map(compile));
    case 'or':
      return any(filter.filters.map(compile));
    case 'not':
      return complement(filter.filter);
    case 'contains':
      return filter.text === '' ? ALL : contains(filter.text);
    case 'text':
      // SQL would take half a surrogate pair for U+FFFD.
      if (toWellFormed(filter.value) !== filter.value) return UNDECIDED;
      return filter.operator === 'equals'
        ? equals(filter.field, filter.value)
        : prefix(filter.field, filter.value);
    case 'ordered':
      if (!Number.isSafeInteger(filter.value)) return UNDECIDED;
      return exact(`\`${filter.field}\` ${filter.operator} ?`, filter.value);
    case 'present':
      return present(filter.field);
    case 'data':
      return data(filter.path, filter.test);
    case 'relative':
      throw new Error('Relative times are resolved before a store sees them.');
  }
}

/** Compiles what a filter does not match; the deeper the complement is taken, the more of it SQL can decide. */
function complement(filter: Filter): Condition {
  switch (filter.kind) {
    case 'and':
      return any(filter.filters.map(complement));
    case 'or':
      return all(filter.filters.map(complement));
    case 'not':
      return compile(filter.filter);
    default: {
      const inner = compile(filter);
      // The complement of a condition that is too wide would be too narrow.
      return inner.isExact ? { ...inner, sql: `NOT (${inner.sql})` } : UNDECIDED;
    }
  }
}

/** In ASCII the servers fold case as we do; of other messages the matcher has to see every one. */
function contains(text: string): Condition {
  return {
    sql: 'INSTR(LOWER(`message`), ?) > 0 OR LENGTH(`message`) <> CHAR_LENGTH(`message`)',
    parameters: [fold(text)],
    isExact: false,
  };
}

type TextFilter = Extract<Filter, { kind: 'text' }>;
type PresentFilter = Extract<Filter, { kind: 'present' }>;

function equals(field: TextFilter['field'], value: string): Condition {
  if (field === 'id') return exact('`id` = ?', idToSql(value));
  if (field === 'tags') return within('`tags`', JSON.stringify(value));
  return exact(`HEX(${COLUMN[field]}) = ?`, hex(value));
}

function prefix(field: TextFilter['field'], value: string): Condition {
  if (field === 'id') return UNDECIDED;
  if (field === 'tags') return within('`tags`', JSON.stringify(value).slice(0, -1));
  return exact(`HEX(${COLUMN[field]}) LIKE ?`, `${hex(value)}%`);
}

function present(field: PresentFilter['field']): Condition {
  if (field === 'tags') return { sql: "`tags` <> '[]'", parameters: [], isExact: false };
  if (field === 'level' || field === 'severity' || field === 'timestamp' || field === 'id') return ALL;
  return exact(`LENGTH(${COLUMN[field]}) > 0`);
}

function data(path: readonly string[], test: DataTest): Condition {
  const key = path.at(-1);
  if (key === undefined) return UNDECIDED;
  // Whether nested or with dots in it, the key ends with the last segment.
  const hasKey = within('`data`', `${JSON.stringify(key).slice(1)}:`);
  if (test.operator === 'prefix') {
    // JSON writes half a surrogate pair as an escape, and the whole pair as it is.
    if (toWellFormed(test.text) !== test.text) return hasKey;
    return all([hasKey, within('`data`', JSON.stringify(test.text).slice(0, -1))]);
  }
  if (test.operator !== 'equals') return hasKey;
  const text = within('`data`', JSON.stringify(test.text));
  if (test.literal === undefined) return all([hasKey, text]);
  return all([hasKey, any([text, within('`data`', JSON.stringify(test.literal))])]);
}

/** As the servers write it. */
function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}

function within(column: string, json: string): Condition {
  return { sql: `INSTR(${column}, ?) > 0`, parameters: [json], isExact: false };
}

function exact(sql: string, ...parameters: Condition['parameters']): Condition {
  return { sql, parameters, isExact: true };
}

function all(conditions: readonly Condition[]): Condition {
  return combine(conditions, ' AND ', ALL);
}

function any(conditions: readonly Condition[]): Condition {
  return combine(conditions, ' OR ', NONE);
}

function combine(conditions: readonly Condition[], by: string, none: Condition): Condition {
  if (conditions.length === 0) return none;
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(by),
    parameters: conditions.flatMap(({ parameters }) => parameters),
    isExact: conditions.every(({ isExact }) => isExact),
  };
}
