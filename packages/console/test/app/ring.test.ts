import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from '../../src/app/explore/rows/ring';

describe('Ring', () => {
  it('contains the same items as an array, at positions that stay the same', () => {
    const change = fc.tuple(
      fc.constantFrom('push', 'unshift', 'pop', 'shift'),
      fc.integer({ min: 1, max: 900 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const ring = new Ring<number>();
        const items: number[] = [];
        const positions = new Map<number, number>();
        let next = 0;
        for (const [kind, times] of changes)
          for (let n = 0; n < times; n++) {
            if (kind === 'push') {
              positions.set(next, ring.push(next));
              items.push(next++);
            } else if (kind === 'unshift') {
              positions.set(next, ring.unshift(next));
              items.unshift(next++);
            } else if (kind === 'pop') expect(ring.pop()).toBe(items.pop());
            else expect(ring.shift()).toBe(items.shift());
          }
        expect(ring.slice(ring.first, ring.first + ring.length)).toEqual(items);
        for (const item of items) expect(ring.at(positions.get(item) ?? NaN)).toBe(item);
      }),
      { numRuns: 30 },
    );
  });

  it('returns nothing outside of its items', () => {
    const ring = new Ring<string>();
    ring.push('a');
    ring.push('b');
    ring.shift();
    ring.pop();
    expect([ring.at(0), ring.at(1), ring.at(NaN)]).toEqual([undefined, undefined, undefined]);
    expect(ring.slice(-5, 5)).toEqual([]);
    expect([ring.pop(), ring.shift()]).toEqual([undefined, undefined]);
  });

  it('continues at the position of its first item after all are removed', () => {
    const ring = new Ring<string>();
    for (const item of ['a', 'b', 'c']) ring.push(item);
    ring.shift();
    ring.clear();
    expect(ring.length).toBe(0);
    expect(ring.push('d')).toBe(1);
  });
});
