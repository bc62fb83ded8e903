import type { IntegerColumn } from '../block/columns';
import { missing } from '../column/integer-values';
import type { RowSet } from './row-set';
import { selectRows, simplest } from './row-set';
import { valuesAt } from './row-order';

/** Codes of rows, such as indexes in a dictionary. */
export type RowCodes = Pick<IntegerColumn, 'length' | 'get' | 'mark'>;

/**
 * Returns the rows of a set whose codes pass.
 *
 * @param passing - For each code 1 if it passes.
 * @throws {DamagedBlockError} when `passing` lacks a code.
 */
export function selectCodes(codes: RowCodes, within: RowSet, passing: Uint8Array): RowSet {
  if (within !== 'all')
    return selectRows(within, codes.length, (row) => (passing[codes.get(row)] ?? missing()) === 1);
  const rows = new Uint8Array(codes.length);
  return simplest(rows, codes.mark(passing, rows));
}

/** Tests each code once, for `selectCodes`. @param count - Number of codes. */
export function passingCodes(count: number, test: (code: number) => boolean): Uint8Array {
  const passing = new Uint8Array(count);
  for (let code = 0; code < count; code++) if (test(code)) passing[code] = 1;
  return passing;
}

/** Returns the codes of some rows. @throws {DamagedBlockError} when one is not below `count`. */
export function codesAt(
  codes: Pick<IntegerColumn, 'length' | 'get' | 'slice'>,
  rows: Uint32Array,
  count: number,
): Float64Array {
  const found = valuesAt(codes, rows);
  for (const code of found) if (!(code >= 0 && code < count)) missing();
  return found;
}
