import { createIdGenerator } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdBounds } from '../../src/index';
import { byteTextsOf, idBoundsOf, idValuesOf, idsOutside, isWithin } from '../../src/index';
import { isPrompt } from '../../src/ids/uuid7';
import { ids } from '../support/arbitraries';

/** Numbers that are close to each other, far apart, or both. */
const numbers = fc.uniqueArray(
  fc.oneof(fc.integer({ min: 1_000, max: 1_100 }), fc.integer({ min: 0, max: 10 ** 15 - 1 })),
  { maxLength: 60 },
);

const valuesOf = (texts: readonly string[]) => idValuesOf(byteTextsOf(texts));

/** Returns the bounds of ids that arrive at a time in microseconds. */
function boundsOfIds(texts: readonly string[], receivedAt = 0): IdBounds {
  return idBoundsOf(valuesOf(texts), new Float64Array(texts.length).fill(receivedAt));
}

const numberBounds = (values: readonly number[]) => boundsOfIds(values.map(String)).idNumbers;

describe('idBoundsOf', () => {
  it('returns the bounds of the times of prompt ids', () => {
    const micros = fc.integer({ min: 0, max: 2 ** 50 });
    fc.assert(
      fc.property(fc.array(ids), micros, (texts, receivedAt) => {
        const prompt = valuesOf(texts).times.filter((time) => isPrompt(time, receivedAt));
        const expected = { min: Math.min(...prompt), max: Math.max(...prompt) };
        expect(boundsOfIds(texts, receivedAt).idTimes).toEqual(prompt.length === 0 ? undefined : expected);
      }),
    );
  });

  it('leaves out the times of ids that are not prompt', () => {
    const times = [1_000, 3_000, 2_000, 500_000];
    const texts = ['7', ...times.map((time) => createIdGenerator(() => time)())];
    expect(boundsOfIds(texts, 4_000_000).idTimes).toEqual({ min: 1_000, max: 3_000 });
  });

  it('returns the bounds of consecutive numbers in any order', () => {
    expect(boundsOfIds(['14', '12', 'text', '11', '13']).idNumbers).toEqual({ min: 11, max: 14 });
  });

  it('leaves out the numbers that are far from the others', () => {
    expect(numberBounds([3, 100, 101, 102, 103, 10 ** 14])).toEqual({ min: 100, max: 103 });
  });

  it.each([
    ['the ids are not integers', ['text', '01']],
    ['the numbers are far apart', ['1', '1000', '2000', '3000']],
  ])('returns no bounds of numbers when %s', (_, texts) => {
    expect(boundsOfIds(texts).idNumbers).toBeUndefined();
  });

  it('covers at least one of eight integers within the bounds', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const bounds = numberBounds(values);
        if (bounds === undefined) return;
        const covered = values.filter((value) => isWithin(value, bounds)).length;
        expect(covered * 8).toBeGreaterThanOrEqual(bounds.max - bounds.min);
      }),
    );
  });
});

describe('idsOutside', () => {
  const V7 = '00000000-03e8-7000-8000-000000000000';
  const values = valuesOf(['1000', V7, '5', 'text', '7']);

  it.each([
    ['no bounds', { idTimes: undefined, idNumbers: undefined }, [0, 1, 2, 3, 4]],
    ['bounds of times', { idTimes: { min: 900, max: 1_000 }, idNumbers: undefined }, [0, 2, 3, 4]],
    ['bounds of numbers', { idTimes: undefined, idNumbers: { min: 5, max: 1_000 } }, [1, 3]],
    ['both', { idTimes: { min: 1_000, max: 1_000 }, idNumbers: { min: 6, max: 7 } }, [0, 2, 3]],
  ])('returns the indexes of the ids that %s exclude', (_, bounds, expected) => {
    expect([...idsOutside(values, bounds)]).toEqual(expected);
  });
});
