import type { RowSet } from '../../src/read/row-set';

/** Returns whether a row is in a set. */
export function hasRow(rows: RowSet, row: number): boolean {
  return rows === 'all' || (rows !== 'none' && rows[row] === 1);
}
