import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import type { ColumnName } from '../../src/block/columns';
import { COLUMN_NAMES, DamagedBlockError, columnsOf, decodeColumn, encodeColumn } from '../../src/index';
import { rows } from '../support/arbitraries';

function roundTrip(name: ColumnName, block: readonly BlockRow[]): unknown[] {
  const column = decodeColumn(name, encodeColumn(name, columnsOf(block)));
  return Array.from({ length: column.length }, (_, row) => column.get(row));
}

describe.each(COLUMN_NAMES)('column "%s"', (name) => {
  it('returns the values of any rows', () => {
    const blocks = fc.array(rows, { maxLength: 60 });
    fc.assert(
      fc.property(blocks, (block) => {
        expect(roundTrip(name, block)).toEqual(block.map((row) => row[name]));
      }),
      { numRuns: 60 },
    );
  });

  it('returns the values in any order', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 20 }), fc.nat(), (block, seed) => {
        const column = decodeColumn(name, encodeColumn(name, columnsOf(block)));
        const row = seed % block.length;
        expect(column.get(row)).toEqual(block[row]?.[name]);
      }),
      { numRuns: 30 },
    );
  });

  it('returns several values in any order', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 200 }), fc.array(fc.nat()), (block, order) => {
        const column = decodeColumn(name, encodeColumn(name, columnsOf(block)));
        const asked = order.map((index) => index % block.length);
        expect(asked.map((row) => column.get(row))).toEqual(asked.map((row) => block[row]?.[name]));
      }),
      { numRuns: 30 },
    );
  });

  it('rejects bytes of which one was changed, and truncated bytes', () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 5 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (block, at, change) => {
          const bytes = Buffer.from(encodeColumn(name, columnsOf(block)));
          expect(() => decodeColumn(name, bytes.subarray(0, at % bytes.length))).toThrow(DamagedBlockError);
          (bytes[at % bytes.length] as number) ^= change;
          expect(() => decodeColumn(name, bytes)).toThrow(DamagedBlockError);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('decodeColumn', () => {
  const row = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;

  it('returns the dictionary of a column with few different texts', () => {
    const sources = ['mail', 'shop', 'mail', 'shop', 'shop', 'shop'];
    const block = sources.map((source) => ({ ...row, source }));
    const { dictionary } = decodeColumn('source', encodeColumn('source', columnsOf(block)));
    expect(dictionary && [...dictionary.indexes.slice(0, 6)]).toEqual([0, 1, 0, 1, 1, 1]);
    expect(dictionary && [dictionary.texts.get(0), dictionary.texts.get(1)]).toEqual(['mail', 'shop']);
  });

  it('returns the values of a column of integers', () => {
    const block = [7, -7, 2 ** 53 - 1].map((sequence) => ({ ...row, sequence }));
    const sequences = decodeColumn('sequence', encodeColumn('sequence', columnsOf(block)));
    expect([...sequences.slice(0, 3)]).toEqual([7, -7, 2 ** 53 - 1]);
  });
});

describe('column "data"', () => {
  it('keeps integers and texts at two paths that share a hash', () => {
    const block = Array.from({ length: 100 }, (_, index) => ({
      ...(fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow),
      data: index % 2 === 0 ? `{"kg6ib":${index}}` : `{"k5pyy":"text${index}"}`,
    }));
    expect(roundTrip('data', block)).toEqual(block.map(({ data }) => data));
  });
});
