import type { Comparison, Filter, OrderedField } from '@vigilant/core';
import { compareWith } from '@vigilant/core/adapter';
import type { Block } from './block';
import type { RowSet } from './row-set';
import { complement, intersect, rowsWhere, unite } from './row-set';

/** Rows that may match a filter. */
export interface TestedRows {
  readonly rows: RowSet;
  /** Whether all these rows match. Otherwise some may not. No other row matches in either case. */
  readonly isExact: boolean;
}

/** Finds the rows of a block that may match a filter. */
export type RowTest = (block: Block) => TestedRows;

const ALL: TestedRows = { rows: 'all', isExact: true };
const NONE: TestedRows = { rows: 'none', isExact: true };
const UNDECIDED: TestedRows = { rows: 'all', isExact: false };

type TextColumnName = 'origin' | 'source' | 'type' | 'group';

/**
 * Compiles a filter to a test of the columns with fixed fields, which reads only the columns of the fields that the filter
 * names. Conditions on the id, message, tags and data are left undecided.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileRowTest(filter: Filter): RowTest {
  switch (filter.kind) {
    case 'all':
      return () => ALL;
    case 'and':
      return compileAnd(filter.filters.map(compileRowTest));
    case 'or':
      return compileOr(filter.filters.map(compileRowTest));
    case 'not': {
      const test = compileRowTest(filter.filter);
      return (block) => {
        const { rows, isExact } = test(block);
        return isExact ? { rows: complement(rows), isExact } : UNDECIDED;
      };
    }
    case 'text': {
      const { field, operator, value } = filter;
      if (!isFixedText(field)) return () => UNDECIDED;
      return compileText(
        field,
        operator === 'equals' ? (text) => text === value : (text) => text.startsWith(value),
      );
    }
    case 'present':
      if (isFixedText(filter.field)) return compileText(filter.field, (text) => text !== '');
      return () => (filter.field === 'message' || filter.field === 'tags' ? UNDECIDED : ALL);
    case 'ordered':
      return compileOrdered(filter.field, filter.operator, filter.value);
    default:
      return () => UNDECIDED;
  }
}

function compileAnd(tests: readonly RowTest[]): RowTest {
  return (block) => {
    let found = ALL;
    for (const test of tests) {
      const next = test(block);
      const rows = intersect(found.rows, next.rows);
      if (rows === 'none') return NONE;
      found = { rows, isExact: found.isExact && next.isExact };
    }
    return found;
  };
}

function compileOr(tests: readonly RowTest[]): RowTest {
  return (block) => {
    let found = NONE;
    for (const test of tests) {
      const next = test(block);
      found = { rows: unite(found.rows, next.rows), isExact: found.isExact && next.isExact };
    }
    return found;
  };
}

/** Tests each different text once. */
function compileText(name: TextColumnName, test: (text: string) => boolean): RowTest {
  return (block) => {
    const { dictionary } = block.column(name);
    const { count } = block.header;
    if (dictionary === undefined)
      return { rows: rowsWhere(count, (row) => test(block.value(name, row))), isExact: true };
    const { texts, indexes } = dictionary;
    const passing = rowsWhere(texts.length, (index) => test(texts.get(index)));
    if (typeof passing === 'string') return { rows: passing, isExact: true };
    return { rows: rowsWhere(count, (row) => passing[indexes[row] as number] === 1), isExact: true };
  };
}

function compileOrdered(field: OrderedField, operator: Comparison, value: number): RowTest {
  const test = compareWith(operator, value);
  return (block) => {
    const known = extremesOf(field, block);
    if (known !== undefined) {
      if (known.every(test)) return ALL;
      // A value between two that differ from it may still be equal.
      if (operator !== '=' && !known.some(test)) return NONE;
    }
    const { values } = block.column(field);
    return { rows: rowsWhere(values.length, (row) => test(values[row] as number)), isExact: true };
  };
}

/** Returns values of a field between which all others lie, if the header has them. */
function extremesOf(field: OrderedField, { header }: Block): readonly number[] | undefined {
  if (field === 'level') return header.levels.flatMap((count, rank) => (count > 0 ? [rank] : []));
  return field === 'timestamp' ? [header.timestamp.min, header.timestamp.max] : undefined;
}

function isFixedText(field: string): field is TextColumnName {
  return field === 'origin' || field === 'source' || field === 'type' || field === 'group';
}
