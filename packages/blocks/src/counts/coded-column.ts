import type { CountField } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { createPathReader } from '@vigilant/core/adapter';
import type { Column } from '../block/columns';
import type { Block } from '../read/block';
import { valuesAt } from '../read/row-order';
import { codesAt } from '../read/select-codes';
import { parseData, parseTags } from '../template/json-values';
import type { CodedColumn } from './code-builder';
import { CodeTable } from './code-builder';
import { readJsonCodes } from './json-codes';

/** Reads the values of a field in some rows, in ascending order, from its column. */
export type CodeReader = (block: Block, rows: Uint32Array) => CodedColumn;

/** Creates a function that reads the values of a field from its column, each different text once. */
export function createCodeReader(field: CountField): CodeReader {
  switch (field.name) {
    case 'level':
      return (block, rows) => ({
        starts: undefined,
        codes: block.read('level', (column) => valuesAt(column, rows)),
        values: LEVELS,
      });
    case 'severity':
      return (block, rows) => block.read('severity', (column) => readSingly(column, rows));
    case 'tags':
      return (block, rows) => readJsonCodes(block, 'tags', rows, (tags) => [...new Set(parseTags(tags))]);
    case 'data': {
      const valuesAtPath = createPathReader(field.path);
      return (block, rows) => readJsonCodes(block, 'data', rows, (data) => valuesAtPath(parseData(data)));
    }
    default:
      return createFixedFieldReader(field.name);
  }
}

function createFixedFieldReader(name: 'origin' | 'source' | 'type' | 'group'): CodeReader {
  return (block, rows) =>
    block.read(name, (column) => {
      const { dictionary } = column;
      if (dictionary === undefined) return readSingly(column, rows);
      const { texts, indexes } = dictionary;
      const values = Array.from({ length: texts.length }, (_, index) => texts.get(index));
      return { starts: undefined, codes: codesAt(indexes, rows, values.length), values };
    });
}

/** Reads a column with one value in each row. */
function readSingly(column: Column<string | number>, rows: Uint32Array): CodedColumn {
  const table = new CodeTable();
  const codes = rows.map((row) => table.codeOf(String(column.get(row))));
  return { starts: undefined, codes, values: table.values };
}
