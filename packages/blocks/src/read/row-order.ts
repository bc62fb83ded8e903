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
export function sortByTime(rows: Uint32Array, timestamps: Float64Array): Uint32Array {
  for (let index = 1; index < rows.length; index++)
    if ((timestamps[rows[index] as number] as number) < (timestamps[rows[index - 1] as number] as number))
      return rows.sort((a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b);
  return rows;
}
