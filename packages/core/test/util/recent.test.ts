import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecent } from '../../src/util/recent';

describe('createRecent', () => {
  it('keeps at least the latest half of its maximum, and at most its maximum', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), keys, (max, added) => {
        const recent = createRecent<number>(max);
        added.forEach((key, index) => recent.set(key, index));
        const last = new Map(added.map((key, index) => [key, index]));
        const byAge = [...last].sort(([, a], [, b]) => b - a);
        const held = byAge.filter(([key]) => recent.get(key) !== undefined);
        expect(held.length).toBeLessThanOrEqual(Math.max(max, 2));
        for (const [key, index] of byAge.slice(0, Math.floor(max / 2))) expect(recent.get(key)).toBe(index);
      }),
    );
  });

  it('forgets deleted entries', () => {
    const recent = createRecent<string>(4);
    for (const key of ['a', 'b', 'c']) recent.set(key, key);
    expect([recent.delete('a'), recent.delete('a'), recent.get('a'), recent.get('b')]).toEqual([
      ...[true, false],
      ...[undefined, 'b'],
    ]);
  });
});
