import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBuckets } from '../../src/query/buckets';

describe('planBuckets', () => {
  it('covers the range with at most as many buckets as asked for', () => {
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

  it('takes round widths', () => {
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
