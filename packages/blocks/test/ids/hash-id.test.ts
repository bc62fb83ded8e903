import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteTextsOf, hashIds } from '../../src/index';
import { ids } from '../support/arbitraries';

const hashId = (id: string): number => hashIds(byteTextsOf([id]))[0] as number;

describe('hashIds', () => {
  it('returns a non-negative integer below 2^48', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(hashId(id)).toSatisfy((hash: number) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 48);
      }),
    );
  });

  it('returns different hashes for consecutive integers and similar texts', () => {
    const all = new Set<number>();
    for (let index = 0; index < 100_000; index++) {
      all.add(hashId(String(index)));
      all.add(hashId(`order-${index}/7`));
    }
    expect(all.size).toBe(200_000);
  });

  // Stored runs contain these hashes, so a change needs another version of runs.
  it.each([
    ['1', 121_666_190_712_957],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 145_152_451_702_811],
    ['order-7', 280_349_856_068_082],
  ])('returns the same hash of "%s" for ever', (id, hash) => {
    expect(hashId(id)).toBe(hash);
  });
});
