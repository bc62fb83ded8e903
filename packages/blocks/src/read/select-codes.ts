import type { Integers } from '../column/integer-values';
import type { RowSet } from './row-set';
import { selectRows, simplest } from './row-set';

/** Number of rows whose codes are unpacked at once. */
const PIECE = 1024;

/** The rows of a set whose codes pass. Unpacks many codes at once, because a call for each is much slower. */
export function selectCodes(
  codes: Pick<Integers, 'length' | 'get' | 'slice'>,
  within: RowSet,
  passing: Uint8Array,
): RowSet {
  if (within !== 'all') return selectRows(within, codes.length, (row) => passing[codes.get(row)] === 1);
  const rows = new Uint8Array(codes.length);
  let count = 0;
  for (let from = 0; from < rows.length; from += PIECE) {
    const piece = codes.slice(from, from + PIECE);
    for (let index = 0; index < piece.length; index++) {
      if (passing[piece[index] as number] !== 1) continue;
      rows[from + index] = 1;
      count += 1;
    }
  }
  return simplest(rows, count);
}

/** Tests each code once, for `selectCodes`. @param count - Number of codes. */
export function passingCodes(count: number, test: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: count }, (_, code) => (test(code) ? 1 : 0));
}
