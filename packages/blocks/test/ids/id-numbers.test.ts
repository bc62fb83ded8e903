import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersOfIds } from '../../src/ids/id-numbers';
import { byteTextsOf } from '../../src/index';

const numberOf = (id: string): number => numbersOfIds(byteTextsOf([id]))[0] as number;

describe('numbersOfIds', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['42', 42],
    ['999999999999999', 999_999_999_999_999],
  ])('returns the value of %s', (id, expected) => {
    expect(numberOf(id)).toBe(expected);
  });

  it.each(['00', '07', '-1', '+1', '1.0', '1e3', '0x1', '1_000', '1000000000000000', 'a', '1a', '/', ':'])(
    'returns NaN for %s',
    (id) => {
      expect(numberOf(id)).toBeNaN();
    },
  );

  it('returns different numbers for different ids', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[0-9]{1,16}$/));
    fc.assert(
      fc.property(ids, (all) => {
        const found = [...numbersOfIds(byteTextsOf(all))].filter((number) => !Number.isNaN(number));
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});
