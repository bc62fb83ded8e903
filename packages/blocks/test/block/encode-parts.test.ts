import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES, columnsOf, encodeColumn, encodeParts } from '../../src/index';
import { encodeTokenSets } from '../../src/search/token-sets';
import { rows } from '../support/arbitraries';

describe('encodeParts', () => {
  it('returns every column and the token sets', () => {
    const names = [...encodeParts(columnsOf([]))].map((part) => part.name);
    expect(names.sort()).toEqual([...COLUMN_NAMES, 'tokens'].sort());
  });

  it('returns the bytes that encodeColumn and encodeTokenSets return', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 40 }), (block) => {
        const columns = columnsOf(block);
        for (const { name, bytes } of encodeParts(columns)) {
          const expected = name === 'tokens' ? encodeTokenSets(columns) : encodeColumn(name, columns);
          expect(Buffer.from(bytes).equals(expected)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
