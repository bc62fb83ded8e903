import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListedIntegers } from '../../src/column/integer-values';
import type { RowSet } from '../../src/read/row-set';
import { intersect, rowsWhere, selectGroups, subtract, unite } from '../../src/read/row-set';
import { hasRow } from '../support/has-row';
import { passingCodes, selectCodes } from '../../src/read/select-codes';

// Not a multiple of the rows that are visited together.
const COUNT = 11;
const ROWS = Array.from({ length: COUNT }, (_, row) => row);

const sets = fc
  .array(fc.boolean(), { minLength: COUNT, maxLength: COUNT })
  .map((members) => rowsWhere(COUNT, (row) => members[row] as boolean));

const membersOf = (set: RowSet): boolean[] => ROWS.map((row) => hasRow(set, row));

describe('RowSet', () => {
  it('has the rows of both sets, of either set, or of only the first', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [inA, inB] = [membersOf(a), membersOf(b)];
        expect(membersOf(intersect(a, b))).toEqual(ROWS.map((row) => inA[row] === true && inB[row] === true));
        expect(membersOf(unite(a, b))).toEqual(ROWS.map((row) => inA[row] === true || inB[row] === true));
        expect(membersOf(subtract(a, b))).toEqual(ROWS.map((row) => inA[row] === true && inB[row] === false));
      }),
    );
  });

  it('has the rows of the groups that pass, and those whose codes pass', () => {
    const codes = new ListedIntegers(Float64Array.from(ROWS, (row) => row % 3));
    fc.assert(
      fc.property(sets, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), (set, passing) => {
        const inSet = membersOf(set);
        const isIn = (row: number, index: number): boolean => inSet[row] === true && passing[index] === true;
        expect(membersOf(selectGroups(set, COUNT, 4, passing))).toEqual(
          ROWS.map((row) => isIn(row, Math.floor(row / 4))),
        );
        const passes = passingCodes(3, (code) => passing[code] === true);
        expect(membersOf(selectCodes(codes, set, passes))).toEqual(ROWS.map((row) => isIn(row, row % 3)));
        expect(membersOf(selectCodes(codes, 'all', passes))).toEqual(ROWS.map((row) => passing[row % 3]));
      }),
    );
  });

  it('is "none" or "all" when it has no row or every row', () => {
    const even = rowsWhere(COUNT, (row) => row % 2 === 0);
    expect(intersect(even, subtract('all', even))).toBe('none');
    expect(unite(even, subtract('all', even))).toBe('all');
    expect(rowsWhere(COUNT, () => true)).toBe('all');
    expect([subtract('all', 'all'), subtract('all', 'none')]).toEqual(['none', 'all']);
  });
});
