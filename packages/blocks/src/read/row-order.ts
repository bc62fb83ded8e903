import type { IntegerColumn } from '../block/columns';
import type { RowSet } from './row-set';

/** Returns the numbers of all rows. */
export function allRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

/** Returns the numbers of the rows in a set. */
export function rowsIn(rows: RowSet, count: number): Uint32Array {
  if (typeof rows === 'string') return allRows(rows === 'all' ? count : 0);
  const found = new Uint32Array(count);
  let length = 0;
  for (let row = 0; row < count; row++) if (rows[row] === 1) found[length++] = row;
  return found.subarray(0, length);
}

/** Sorts row numbers in place by timestamp, then by number. Most are in this order already. */
export function sortByTime(rows: Uint32Array, timestamps: IntegerColumn): Uint32Array {
  let before = -Infinity;
  for (const row of rows) {
    const timestamp = timestamps.get(row);
    if (timestamp < before) return rows.sort((a, b) => timestamps.get(a) - timestamps.get(b) || a - b);
    before = timestamp;
  }
  return rows;
}
