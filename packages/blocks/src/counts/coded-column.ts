import type { CountField, JsonObject } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { createPathReader } from '@vigilant/core/adapter';
import type { Block } from '../read/block';
import type { RowSet } from '../read/row-set';
import { hasRow } from '../read/row-set';
import type { CodedColumn } from './code-builder';
import { CodeTable, ListedCodes } from './code-builder';
import { readJsonCodes } from './json-codes';

/** Reads the values of a field from its column. */
export type CodeReader = (block: Block, rows: RowSet) => CodedColumn;

/** Creates a function that reads the values of a field from its column, each different text once. */
export function createCodeReader(field: CountField): CodeReader {
  switch (field.name) {
    case 'level':
      return (block) => ({ starts: undefined, codes: block.column('level'), values: LEVELS });
    case 'severity':
      return (block, rows) => {
        const column = block.column('severity');
        return readSingly(column.length, rows, (row) => String(column.get(row)));
      };
    case 'tags':
      return (block, rows) =>
        readJsonCodes(block, 'tags', rows, (tags) => [...new Set(JSON.parse(tags) as readonly string[])]);
    case 'data': {
      const valuesAt = createPathReader(field.path);
      return (block, rows) =>
        readJsonCodes(block, 'data', rows, (data) => valuesAt(JSON.parse(data) as JsonObject));
    }
    default:
      return createTextReader(field.name);
  }
}

function createTextReader(name: 'origin' | 'source' | 'type' | 'group'): CodeReader {
  return (block, rows) => {
    const { length, dictionary } = block.column(name);
    if (dictionary === undefined) return readSingly(length, rows, (row) => block.value(name, row));
    const { texts, indexes } = dictionary;
    const values = Array.from({ length: texts.length }, (_, index) => texts.get(index));
    return { starts: undefined, codes: indexes, values };
  };
}

/** Reads a column with one value in each row. */
function readSingly(length: number, rows: RowSet, valueOf: (row: number) => string): CodedColumn {
  const table = new CodeTable();
  const codes = new Uint32Array(length);
  for (let row = 0; row < length; row++) if (hasRow(rows, row)) codes[row] = table.codeOf(valueOf(row));
  return { starts: undefined, codes: new ListedCodes(codes), values: table.values };
}
