import { describe, expect, it } from 'vitest';
import { createBudget } from '../../src/query/budget';
import { createManualClock } from '../../src/util/clock';

describe('createBudget', () => {
  it('returns the remaining time, rounded up', async () => {
    const clock = createManualClock();
    const budget = createBudget(clock, 100, undefined);
    expect(budget()).toStrictEqual({ deadlineMs: 100 });
    await clock.advance(39.5);
    expect(budget()).toStrictEqual({ deadlineMs: 61 });
  });

  it('returns 1 ms after its deadline', async () => {
    const clock = createManualClock();
    const budget = createBudget(clock, 100, undefined);
    for (const ms of [100, 50]) {
      await clock.advance(ms);
      expect(budget()).toStrictEqual({ deadlineMs: 1 });
    }
  });

  it('starts when it is created', async () => {
    const clock = createManualClock();
    await clock.advance(1_000);
    expect(createBudget(clock, 100, undefined)()).toStrictEqual({ deadlineMs: 100 });
  });

  it('returns the signal of the caller', () => {
    const { signal } = new AbortController();
    expect(createBudget(createManualClock(), 100, signal)()).toStrictEqual({ deadlineMs: 100, signal });
  });
});
