import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES, columnsOf, encodeColumn, encodeParts } from '../../src/index';
import { SET_NAMES } from '../../src/search/search-sets';
import { rows } from '../support/arbitraries';

describe('encodeParts', () => {
  it('returns every column and every part with sets', () => {
    const names = [...encodeParts(columnsOf([]))].map((part) => part.name);
    expect(names.sort()).toEqual([...COLUMN_NAMES, ...SET_NAMES].sort());
  });

  it('returns the bytes of a column that encodeColumn returns', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 40 }), (block) => {
        const columns = columnsOf(block);
        const parts = new Map([...encodeParts(columns)].map(({ name, bytes }) => [name, bytes]));
        for (const name of COLUMN_NAMES) {
          const expected = encodeColumn(name, columns);
          expect(Buffer.from(parts.get(name) as Uint8Array).equals(expected)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
