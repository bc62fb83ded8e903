import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedIntegers, packIntegers, widthOf } from '../../src/ids/packed-integers';

const columns = fc
  .integer({ min: 0, max: 48 })
  .chain((width) => fc.tuple(fc.constant(width), fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }))));

describe('PackedIntegers', () => {
  it('returns the integers that were packed', () => {
    fc.assert(
      fc.property(columns, ([width, values]) => {
        const packed = new PackedIntegers(packIntegers(values, width), width);
        expect(values.map((_, index) => packed.get(index))).toEqual(values);
      }),
    );
  });
});

describe('widthOf', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [255, 8],
    [256, 9],
    [2 ** 31, 32],
    [2 ** 48 - 1, 48],
  ])('returns the bits of %i', (max, width) => {
    expect(widthOf(max)).toBe(width);
  });
});
