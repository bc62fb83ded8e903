import type { CountField } from '@vigilant/core';
import { countValues } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHeader, BlockRow } from '../../src/index';
import { createCodeReader } from '../../src/counts/coded-column';
import { rows, texts, toEvent } from '../support/arbitraries';
import { encodeBlocks } from '../support/blocks';

const BASE = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;

const scalar = fc.oneof(
  fc.integer({ min: -5, max: 300 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.nat(300).map(String),
  texts,
);

/** Objects of one of a few shapes, so that the column has templates, with values of any type. */
const data = fc.oneof(
  fc.record({ user: scalar, 'a.b': scalar, path: texts }),
  fc.record({ user: fc.nat(300), a: fc.record({ b: scalar, c: fc.constant({}) }) }),
  fc.record({ user: fc.array(scalar, { minLength: 1, maxLength: 3 }), list: fc.constant([]) }),
  fc.record({ user: fc.array(fc.record({ id: scalar }), { maxLength: 2 }) }),
);

const blocks = fc
  .array(fc.tuple(data, fc.uniqueArray(texts, { maxLength: 3 })), { minLength: 1, maxLength: 150 })
  .map((all) =>
    all.map(([object, tags], index): BlockRow => ({
      ...BASE,
      sequence: index + 1,
      data: JSON.stringify(object),
      tags: JSON.stringify(tags),
    })),
  );

const fields = fc.constantFrom<CountField>(
  { name: 'tags' },
  { name: 'data', path: ['user'] },
  { name: 'data', path: ['a', 'b'] },
  { name: 'data', path: ['path'] },
  { name: 'data', path: ['user', 'id'] },
  { name: 'data', path: ['a', 'c'] },
  { name: 'data', path: ['list'] },
);

/** Returns the values of some rows. */
function valuesOf(block: readonly BlockRow[], field: CountField, rows: readonly number[]): string[][] {
  const { headers, open } = encodeBlocks([block]);
  const reader = createCodeReader(field);
  const { starts, codes, values } = reader(open(headers[0] as BlockHeader), Uint32Array.from(rows));
  const all = Array.from(codes);
  return rows.map((_, index) =>
    all.slice(starts?.[index], starts?.[index + 1]).map((code) => values[code] as string),
  );
}

describe('createCodeReader', () => {
  it('returns what countValues returns for each row', () => {
    fc.assert(
      fc.property(blocks, fields, (block, field) => {
        const all = block.map((_, row) => row);
        expect(valuesOf(block, field, all)).toEqual(block.map((row) => countValues(toEvent(row), field)));
      }),
      { numRuns: 300 },
    );
  });

  it('returns the values of only the rows that were requested', () => {
    fc.assert(
      fc.property(blocks, fields, (block, field) => {
        const odd = block.map((_, row) => row).filter((row) => row % 2 === 1);
        const expected = odd.map((row) => countValues(toEvent(block[row] as BlockRow), field));
        expect(valuesOf(block, field, odd)).toEqual(expected);
      }),
    );
  });

  it('decodes no text of a column that is stored by template', () => {
    const block = Array.from({ length: 200 }, (_, index) => ({
      ...BASE,
      sequence: index + 1,
      data: `{"user":${index},"path":"/${index}"}`,
    }));
    const { headers, open } = encodeBlocks([block]);
    const opened = open(headers[0] as BlockHeader);
    const rows = Uint32Array.from(block, (_, row) => row);
    opened.read('data', (column) => {
      expect(column.templates).toBeDefined();
      column.get = () => {
        throw new Error('A text was decoded.');
      };
    });
    const { values } = createCodeReader({ name: 'data', path: ['user'] })(opened, rows);
    expect(values).toEqual(block.map((_, index) => String(index)));
  });
});
