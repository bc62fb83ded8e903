import type { Comparison, Filter, OrderedField } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { compareWith } from '@vigilant/core/adapter';
import type { IntegerColumn } from '../block/columns';
import type { TextColumn } from '../column/text-column';
import type { Block } from './block';
import { compileContains } from './contains-test';
import { compileData, compileTags } from './json-test';
import type { RowSet } from './row-set';
import { selectRows, subtract, unite } from './row-set';
import { passingCodes, selectCodes } from './select-codes';
import { testTexts } from './text-test';

/** Rows that may match a filter. */
export interface TestedRows {
  readonly rows: RowSet;
  /** Whether all these rows match. Otherwise some may not. No other row matches in either case. */
  readonly isExact: boolean;
}

const NONE: TestedRows = { rows: 'none', isExact: true };

/** Finds the rows of a set that may match a filter. */
export type RowTest = (block: Block, within: RowSet) => TestedRows;

const UNDECIDED: RowTest = (_, rows) => ({ rows, isExact: false });

type TextColumnName = 'origin' | 'source' | 'type' | 'group';

/** A filter that does not consist of others. */
type Leaf = Exclude<Filter, { kind: 'and' | 'or' | 'not' }>;

/**
 * Compiles a filter to a test of the columns with fixed fields, which reads only the columns of the fields that the filter
 * names. Conditions on the id, message, tags and data are left undecided.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileFixedTest(filter: Filter): RowTest {
  return compile(filter, compileFixed);
}

/** Compiles a filter to a test of all columns that the filter names. @param filter - As for `compileFixedTest`. */
export function compileFullTest(filter: Filter): RowTest {
  return compile(filter, (leaf) => {
    if (leaf.kind === 'contains') return compileContains(leaf.text);
    if (leaf.kind === 'data') return compileData(leaf) ?? UNDECIDED;
    const isOfTags = (leaf.kind === 'text' || leaf.kind === 'present') && leaf.field === 'tags';
    return isOfTags ? compileTags(leaf) : compileFixed(leaf);
  });
}

function compile(filter: Filter, compileLeaf: (leaf: Leaf) => RowTest): RowTest {
  switch (filter.kind) {
    case 'and':
      return compileAnd(filter.filters.map((part) => compile(part, compileLeaf)));
    case 'or':
      return compileOr(filter.filters.map((part) => compile(part, compileLeaf)));
    case 'not': {
      const test = compile(filter.filter, compileLeaf);
      return (block, within) => {
        const { rows, isExact } = test(block, within);
        return { rows: isExact ? subtract(within, rows) : within, isExact };
      };
    }
    default:
      return compileLeaf(filter);
  }
}

function compileFixed(leaf: Leaf): RowTest {
  switch (leaf.kind) {
    case 'all':
      return (_, rows) => ({ rows, isExact: true });
    case 'text': {
      const { field, operator, value } = leaf;
      if (!isFixedText(field)) return UNDECIDED;
      return compileText(
        field,
        operator === 'equals' ? (text) => text === value : (text) => text.startsWith(value),
      );
    }
    case 'present':
      if (isFixedText(leaf.field)) return compileText(leaf.field, (text) => text !== '');
      return leaf.field === 'message' || leaf.field === 'tags' ? UNDECIDED : compileFixed({ kind: 'all' });
    case 'ordered':
      return compileOrdered(leaf.field, leaf.operator, leaf.value);
    default:
      return UNDECIDED;
  }
}

function compileAnd(tests: readonly RowTest[]): RowTest {
  return (block, within) => {
    let found: TestedRows = { rows: within, isExact: true };
    for (const test of tests) {
      const { rows, isExact } = test(block, found.rows);
      if (rows === 'none') return NONE;
      found = { rows, isExact: found.isExact && isExact };
    }
    return found;
  };
}

function compileOr(tests: readonly RowTest[]): RowTest {
  return (block, within) => {
    let found = NONE;
    for (const test of tests) {
      const next = test(block, within);
      found = { rows: unite(found.rows, next.rows), isExact: found.isExact && next.isExact };
    }
    return found;
  };
}

function compileText(name: TextColumnName, test: (text: string) => boolean): RowTest {
  return (block, within) => ({
    rows: block.read(name, (column: TextColumn) => testTexts(column, within, test)),
    isExact: true,
  });
}

function compileOrdered(field: OrderedField, operator: Comparison, value: number): RowTest {
  const test = compareWith(operator, value);
  return (block, within) => {
    const known = extremesOf(field, block);
    if (known !== undefined) {
      if (known.every(test)) return { rows: within, isExact: true };
      // An event between the bounds may still have the value.
      if (operator !== '=' && !known.some(test)) return NONE;
    }
    const rows = block.read(field, (column: IntegerColumn) =>
      field === 'level'
        ? selectCodes(column, within, passingCodes(LEVELS.length, test))
        : selectRows(within, column.length, (row) => test(column.get(row))),
    );
    return { rows, isExact: true };
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
