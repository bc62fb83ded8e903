import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planMerge } from '../../src/index';

/** A run, and how often its ids were written again at most. */
interface Run {
  readonly size: number;
  readonly rewrites: number;
}

/** Appends runs one after another and merges as planned. */
function append(sizes: readonly number[]): Run[] {
  let runs: Run[] = [];
  for (const size of sizes) {
    runs.push({ size, rewrites: 0 });
    for (let merge = planMerge(runs.map((run) => run.size)); merge.length > 0;) {
      const merged = runs.filter((_, index) => merge.includes(index));
      runs = runs.filter((run) => !merged.includes(run));
      runs.push({
        size: merged.reduce((sum, run) => sum + run.size, 0),
        rewrites: 1 + Math.max(...merged.map((run) => run.rewrites)),
      });
      merge = planMerge(runs.map((run) => run.size));
    }
  }
  return runs;
}

describe('planMerge', () => {
  it('merges eight runs of one level', () => {
    expect(planMerge([5_000, 7, 4_096, 5_000, 5_000, 32_767, 5_000, 40_000, 5_000])).toEqual([]);
    expect(planMerge([5_000, 7, 4_096, 5_000, 5_000, 32_767, 5_000, 40_000, 5_000, 5_000])).toEqual([
      0, 2, 3, 4, 5, 6, 8, 9,
    ]);
  });

  it('keeps the number of runs and of rewrites logarithmic', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(5_000), fc.integer({ min: 1, max: 5_000 })), { maxLength: 600 }),
        (sizes) => {
          const runs = append(sizes);
          const levels = 1 + Math.log(1 + sizes.reduce((sum, size) => sum + size, 0)) / Math.log(8);
          expect(runs.length).toBeLessThanOrEqual(7 * levels);
          for (const { rewrites } of runs) expect(rewrites).toBeLessThanOrEqual(levels);
        },
      ),
      { numRuns: 30 },
    );
  });
});
