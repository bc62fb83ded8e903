/** Some of the rows of a block: all, none, or those whose byte is 1 in an array with memory of its own. */
export type RowSet = 'all' | 'none' | Uint8Array;

/** Returns the rows that pass a test. */
export function rowsWhere(count: number, test: (row: number) => boolean): RowSet {
  const rows = new Uint8Array(count);
  let passing = 0;
  for (let row = 0; row < count; row++) {
    if (!test(row)) continue;
    rows[row] = 1;
    passing++;
  }
  return simplest(rows, passing);
}

/** Returns the rows of a set that pass a test. */
export function selectRows(within: RowSet, count: number, test: (row: number) => boolean): RowSet {
  if (typeof within === 'string') return within === 'all' ? rowsWhere(count, test) : 'none';
  const rows = new Uint8Array(count);
  let passing = 0;
  visitRows(within, (row) => {
    if (!test(row)) return;
    rows[row] = 1;
    passing++;
  });
  return simplest(rows, passing);
}

/** Visits the rows whose byte is 1, in ascending order. Skips others four at a time, because most sets have few rows. */
export function visitRows(rows: Uint8Array, visit: (row: number) => void): void {
  const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.length >>> 2);
  for (let word = 0; word < words.length; word++)
    if (words[word] !== 0) visitRange(rows, word * 4, word * 4 + 4, visit);
  visitRange(rows, words.length * 4, rows.length, visit);
}

function visitRange(rows: Uint8Array, start: number, end: number, visit: (row: number) => void): void {
  for (let row = start; row < end; row++) if (rows[row] === 1) visit(row);
}

/** Returns the rows of a set whose groups of consecutive rows pass a test. */
export function selectGroups(
  within: RowSet,
  count: number,
  groupRows: number,
  passing: readonly boolean[],
): RowSet {
  if (within === 'none' || !passing.includes(true)) return 'none';
  if (!passing.includes(false)) return within;
  const rows = within === 'all' ? new Uint8Array(count).fill(1) : within.slice();
  passing.forEach((passes, group) => {
    if (!passes) rows.fill(0, group * groupRows, (group + 1) * groupRows);
  });
  return rows.includes(1) ? rows : 'none';
}

/** Returns the rows in both sets. */
export function intersect(a: RowSet, b: RowSet): RowSet {
  if (a === 'none' || b === 'none') return 'none';
  if (a === 'all') return b;
  if (b === 'all') return a;
  return rowsWhere(a.length, (row) => (a[row] as number) + (b[row] as number) === 2);
}

/** Returns the rows in either set. */
export function unite(a: RowSet, b: RowSet): RowSet {
  if (a === 'all' || b === 'all') return 'all';
  if (a === 'none') return b;
  if (b === 'none') return a;
  return rowsWhere(a.length, (row) => (a[row] as number) + (b[row] as number) > 0);
}

/** Returns the rows of a set that are not in another. */
export function subtract(from: RowSet, rows: RowSet): RowSet {
  if (rows === 'all') return 'none';
  if (rows === 'none') return from;
  return selectRows(from, rows.length, (row) => rows[row] === 0);
}

/** Returns a set from its rows and their number. */
export function simplest(rows: Uint8Array, passing: number): RowSet {
  if (passing === 0) return 'none';
  return passing === rows.length ? 'all' : rows;
}
