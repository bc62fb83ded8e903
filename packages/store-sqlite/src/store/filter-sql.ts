import type { DataTest, Filter } from '@vigilant/core';
import type { SqlValue } from '../driver';
import { idToSql } from './row';

/** A condition in SQL that every matching row meets. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  /** Rows that meet it all match; otherwise the matcher has to look. */
  readonly isExact: boolean;
}

const ALL: Condition = { sql: '1', parameters: [], isExact: true };
const NONE: Condition = { sql: '0', parameters: [], isExact: true };
const UNDECIDED: Condition = { ...ALL, isExact: false };

const COLUMN = {
  id: 'id',
  message: 'message',
  origin: 'origin',
  source: 'source',
  type: 'type',
  group: '"group"',
  tags: 'tags',
  level: 'level',
  severity: 'severity',
  timestamp: 'timestamp',
} as const;

/**
 * Compiles a filter, as far as SQL can decide it.
 *
 * Only comparisons of whole values are exact. Text within JSON is looked for as the JSON that would hold it, which finds
 * every match and some more.
 */
export function compile(filter: Filter): Condition {
  switch (filter.kind) {
    case 'all':
      return ALL;
    case 'and':
      return all(filter.filters.map(compile));
    case 'or':
      return any(filter.filters.map(compile));
    case 'not': {
      const inner = compile(filter.filter);
      // The complement of a condition that is too wide would be too narrow.
      return inner.isExact ? { ...inner, sql: `NOT (${inner.sql})` } : UNDECIDED;
    }
    case 'contains':
      return filter.text === '' ? ALL : UNDECIDED;
    case 'text':
      return filter.operator === 'equals'
        ? equals(filter.field, filter.value)
        : prefix(filter.field, filter.value);
    case 'ordered':
      return exact(`${COLUMN[filter.field]} ${filter.operator} ?`, filter.value);
    case 'present':
      return present(filter.field);
    case 'data':
      return data(filter.path, filter.test);
    case 'relative':
      throw new Error('Relative times are resolved before a store sees them.');
  }
}

type TextFilter = Extract<Filter, { kind: 'text' }>;
type PresentFilter = Extract<Filter, { kind: 'present' }>;

function equals(field: TextFilter['field'], value: string): Condition {
  if (field === 'id') return exact('id = ?', idToSql(value));
  if (field !== 'tags') return exact(`${COLUMN[field]} = ?`, value);
  return wide('instr(tags, ?) > 0', JSON.stringify(value));
}

function prefix(field: TextFilter['field'], value: string): Condition {
  if (field === 'id') return UNDECIDED;
  if (field === 'tags') return wide('instr(tags, ?) > 0', JSON.stringify(value).slice(0, -1));
  return wide(`${COLUMN[field]} >= ?`, value);
}

function present(field: PresentFilter['field']): Condition {
  if (field === 'tags') return { sql: "tags <> '[]'", parameters: [], isExact: false };
  if (field === 'level' || field === 'severity' || field === 'timestamp' || field === 'id') return ALL;
  return { sql: `${COLUMN[field]} <> ''`, parameters: [], isExact: true };
}

function data(path: readonly string[], test: DataTest): Condition {
  const key = path.at(-1);
  if (key === undefined) return UNDECIDED;
  // Whether nested or with dots in it, the key ends with the last segment.
  const hasKey = wide('instr(data, ?) > 0', `${JSON.stringify(key).slice(1)}:`);
  if (test.operator === 'prefix')
    return all([hasKey, wide('instr(data, ?) > 0', JSON.stringify(test.text).slice(0, -1))]);
  if (test.operator !== 'equals') return hasKey;
  const text = wide('instr(data, ?) > 0', JSON.stringify(test.text));
  if (test.literal === undefined) return all([hasKey, text]);
  return all([hasKey, any([text, wide('instr(data, ?) > 0', JSON.stringify(test.literal))])]);
}

function exact(sql: string, ...parameters: readonly SqlValue[]): Condition {
  return { sql, parameters, isExact: true };
}

function wide(sql: string, ...parameters: readonly SqlValue[]): Condition {
  return { sql, parameters, isExact: false };
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
