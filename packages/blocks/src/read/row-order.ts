import type { IntegerColumn } from '../block/columns';
import type { RowSet } from './row-set';
import { visitRows } from './row-set';

/** Returns the numbers of all rows. */
export function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/** Returns the numbers of the rows in a set. */
export function rowsIn(rows: RowSet, count: number): Uint32Array {
  if (typeof rows === 'string') return allRows(rows === 'all' ? count : 0);
  const found = new Uint32Array(count);
  let length = 0;
  visitRows(rows, (row) => {
    found[length++] = row;
  });
  return found.subarray(0, length);
}

/** Returns the values of some rows. Decodes them together only if these are all rows. */
export function valuesAt(
  column: Pick<IntegerColumn, 'length' | 'get' | 'slice'>,
  rows: Uint32Array,
): Float64Array {
  const values = new Float64Array(rows.length);
  if (rows.length < column.length) {
    for (let index = 0; index < rows.length; index++) values[index] = column.get(rows[index] as number);
    return values;
  }
  const all = column.slice(0, column.length);
  for (let index = 0; index < rows.length; index++) values[index] = all[rows[index] as number] as number;
  return values;
}

/** Sorts ascending row numbers in place by timestamp, then by number. Takes little time unless many rows are out of order. */
export function sortByTime(rows: Uint32Array, timestamps: IntegerColumn): Uint32Array {
  const late = new Uint32Array(rows.length);
  let lateCount = 0;
  let latest = -Infinity;
  let kept = 0;
  for (const row of rows) {
    const timestamp = timestamps.get(row);
    if (timestamp < latest) late[lateCount++] = row;
    else {
      latest = timestamp;
      rows[kept++] = row;
    }
  }
  const compare = (a: number, b: number): number => timestamps.get(a) - timestamps.get(b) || a - b;
  insertSorted(rows, kept, late.subarray(0, lateCount).sort(compare), compare);
  return rows;
}

/** Inserts sorted values into the sorted first `length` values of an array that has room for all. */
function insertSorted(
  values: Uint32Array,
  length: number,
  added: Uint32Array,
  compare: (a: number, b: number) => number,
): void {
  let from = length - 1;
  for (let index = added.length - 1; index >= 0; index--) {
    const value = added[index] as number;
    for (; from >= 0 && compare(values[from] as number, value) > 0; from--)
      values[from + index + 1] = values[from] as number;
    values[from + index + 1] = value;
  }
}
