import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListedIntegers } from '../../src/column/integer-values';
import { allRows, rowsIn, sortByTime } from '../../src/read/row-order';

const timestamps = fc.oneof(
  fc.array(fc.nat(20), { maxLength: 40 }),
  // Some late rows among many in order.
  fc
    .array(fc.record({ late: fc.nat(100), isLate: fc.nat(9) }), { maxLength: 40 })
    .map((rows) => rows.map(({ late, isLate }, row) => row - (isLate === 0 ? late : 0))),
);

const columnOf = (values: readonly number[]): ListedIntegers => new ListedIntegers(Float64Array.from(values));

describe('sortByTime', () => {
  it('sorts the rows of a set by their timestamps, then by their numbers', () => {
    fc.assert(
      fc.property(timestamps, fc.integer({ min: 1, max: 3 }), (values, step) => {
        const rows = rowsIn(
          Uint8Array.from(values, (_, row) => (row % step === 0 ? 1 : 0)),
          values.length,
        );
        const at = (row: number): number => values[row] as number;
        const expected = [...rows].sort((a, b) => at(a) - at(b) || a - b);
        expect([...sortByTime(rows, columnOf(values))]).toEqual(expected);
      }),
    );
  });

  it('sorts the late rows of a block into those that are in order', () => {
    expect([...sortByTime(allRows(6), columnOf([10, 11, 5, 12, 11, 13]))]).toEqual([2, 0, 1, 4, 3, 5]);
  });
});
