import type { ColumnOf } from '../block/columns';
import type { Block } from '../read/block';
import type { JsonReader } from '../template/json-variables';
import { JsonVariables } from '../template/json-variables';
import type { CodedColumn, CodeTable } from './code-builder';
import { CodeBuilder } from './code-builder';

/**
 * Reads values of a column of JSON. If the column is stored by template, only the variables with these values are decoded.
 *
 * @param valuesOf - Returns the distinct values by which a JSON text is counted.
 */
export function readJsonCodes(
  block: Block,
  name: 'tags' | 'data',
  rows: Uint32Array,
  valuesOf: JsonReader,
): CodedColumn {
  return block.read(name, (column) => readCodes(column, rows, valuesOf));
}

function readCodes(column: ColumnOf<'data'>, rows: Uint32Array, valuesOf: JsonReader): CodedColumn {
  const builder = new CodeBuilder(rows.length);
  const codesOf = createCodesOfText(builder.table, valuesOf);
  const { dictionary, templates } = column;
  const variables =
    templates && new JsonVariables(templates, valuesOf, (value) => builder.table.codeOf(String(value)));
  const addRow = (row: number): void => {
    const template = (templates?.codes.get(row) ?? 0) - 1;
    if (variables !== undefined && templates !== undefined && template !== -1) {
      for (const { variable, read } of variables.of(template))
        builder.add(read(templates.valueOf(row, variable)));
      return;
    }
    const text = dictionary?.texts.get(dictionary.indexes.get(row)) ?? column.get(row);
    for (const code of codesOf(text)) builder.add(code);
  };
  for (const row of rows) {
    addRow(row);
    builder.endRow();
  }
  return builder.finish();
}

/** Creates a function that returns the codes of a whole text. It reads equal texts once. */
function createCodesOfText(table: CodeTable, valuesOf: JsonReader): (json: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (json) => {
    let codes = known.get(json);
    if (codes === undefined) {
      codes = valuesOf(json).map((value) => table.codeOf(value));
      known.set(json, codes);
    }
    return codes;
  };
}
