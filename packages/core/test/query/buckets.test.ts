import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBuckets } from '../../src/query/buckets';

describe('planBuckets', () => {
  it('covers the range with at most the requested number of buckets', () => {
    const micros = fc.integer({ min: -(2 ** 43) * 1000, max: 2 ** 43 * 1000 });
    fc.assert(
      fc.property(micros, micros, fc.integer({ min: 1, max: 1_000 }), (a, b, most) => {
        const [from, until] = a < b ? [a, b] : [b, a + 1];
        const plan = planBuckets(from, until, most);
        expect(plan.from).toBeLessThanOrEqual(from);
        expect(plan.until).toBe(until);
        expect(Math.ceil((plan.until - plan.from) / plan.bucketMicros)).toBeLessThanOrEqual(most);
        expect(Number.isInteger(plan.bucketMicros)).toBe(true);
      }),
    );
  });

  it('selects round widths', () => {
    const hour = 3_600_000_000;
    expect(planBuckets(0, hour, 60).bucketMicros).toBe(60_000_000);
    expect(planBuckets(0, 24 * hour, 60).bucketMicros).toBe(1_800_000_000);
  });

  it('covers the widest range with one bucket', () => {
    for (let offset = 0; offset < 8; offset += 1) {
      const plan = planBuckets(-8_700_000_000_000_000 - offset, 1_790_000_000_000_001, 1);
      const last = BigInt(plan.until) - 1n - BigInt(plan.from);
      expect(last / BigInt(plan.bucketMicros)).toBe(0n);
    }
  });
});

describe('planBuckets with a round width', () => {
  const [second, minute, hour, day] = [1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000] as const;
  const widths = [
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((count) => count * 1_000),
    ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
    ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
    ...[1, 2, 3, 6, 12].map((count) => count * hour),
    ...[1, 2, 7, 14, 30, 90, 365, 3_650, 36_500].map((count) => count * day),
  ];

  it.each(widths.map((width, index) => [width, widths[index - 1] ?? 0]))(
    'uses %d µs for ranges longer than %d µs up to that width',
    (bucketMicros, narrower) => {
      for (const until of [narrower + 1, bucketMicros])
        expect(planBuckets(0, until, 1)).toEqual({ from: 0, until, bucketMicros });
    },
  );

  it('starts at a multiple of the width', () => {
    expect(planBuckets(3_500, 5_500, 3)).toEqual({ from: 3_000, until: 5_500, bucketMicros: 1_000 });
    expect(planBuckets(-500, 500, 2)).toEqual({ from: -1_000, until: 500, bucketMicros: 1_000 });
  });

  it('counts the part of the first bucket before the range', () => {
    expect(planBuckets(3_500, 6_500, 3)).toEqual({ from: 2_000, until: 6_500, bucketMicros: 2_000 });
  });
});
