import type { CountField, JsonObject } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { createPathReader } from '@vigilant/core/adapter';
import type { Block } from '../read/block';
import type { RowSet } from '../read/row-set';

/** The values of one field of a block. */
export interface CodedColumn {
  /** The code of each row that was requested. The codes of other rows mean nothing. */
  readonly codes: ArrayLike<number>;
  /** For each code the values by which its events are counted. */
  readonly values: readonly (readonly string[])[];
}

/** Reads the values of a field from its column. */
export type CodeReader = (block: Block, rows: RowSet) => CodedColumn;

/** Creates a function that reads the values of a field from its column, each different text once. */
export function createCodeReader(field: CountField): CodeReader {
  switch (field.name) {
    case 'level': {
      const values = LEVELS.map((level) => [level]);
      return (block) => ({ codes: block.column('level').values, values });
    }
    case 'severity':
      return (block, rows) => {
        const { values } = block.column('severity');
        return intern(
          values.length,
          rows,
          (row) => values[row] as number,
          (value) => [String(value)],
        );
      };
    case 'tags':
      return createTextReader('tags', (tags) => [...new Set(JSON.parse(tags) as readonly string[])]);
    case 'data': {
      const valuesAt = createPathReader(field.path);
      return createTextReader('data', (data) => valuesAt(JSON.parse(data) as JsonObject));
    }
    default:
      return createTextReader(field.name, (text) => [text]);
  }
}

type TextName = 'origin' | 'source' | 'type' | 'group' | 'tags' | 'data';

function createTextReader(name: TextName, valuesOf: (text: string) => readonly string[]): CodeReader {
  return (block, rows) => {
    const { length, dictionary } = block.column(name);
    if (dictionary === undefined) return intern(length, rows, (row) => block.value(name, row), valuesOf);
    const { texts, indexes } = dictionary;
    const values = Array.from({ length: texts.length }, (_, index) => valuesOf(texts.get(index)));
    return { codes: indexes, values };
  };
}

/** Assigns a code to each different value. */
function intern<T>(
  length: number,
  rows: RowSet,
  valueOf: (row: number) => T,
  valuesOf: (value: T) => readonly string[],
): CodedColumn {
  const known = new Map<T, number>();
  const codes = new Uint32Array(length);
  const values: (readonly string[])[] = [];
  for (let row = 0; row < length; row++) {
    if (rows !== 'all' && rows[row] !== 1) continue;
    const value = valueOf(row);
    let code = known.get(value);
    if (code === undefined) {
      code = values.push(valuesOf(value)) - 1;
      known.set(value, code);
    }
    codes[row] = code;
  }
  return { codes, values };
}
