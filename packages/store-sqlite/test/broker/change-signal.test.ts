import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { createChangeSignal } from '../../src/broker/change-signal';

const never = new AbortController().signal;

/** Reads whether a promise is settled. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('createChangeSignal', () => {
  it('wakes all waiting callers at a change', async () => {
    const changes = createChangeSignal();
    changes.notify();
    const waiting = [changes.next(never), changes.next(never)];
    expect(await Promise.all(waiting.map(isSettled))).toEqual([false, false]);
    changes.notify();
    await Promise.all(waiting);
  });

  it('ends at the signal, also if it is aborted already', async () => {
    const changes = createChangeSignal();
    const ending = new AbortController();
    const waiting = changes.next(ending.signal);
    expect(await isSettled(waiting)).toBe(false);
    ending.abort();
    await waiting;
    await changes.next(ending.signal);
  });

  it('ends after the given time', async () => {
    const changes = createChangeSignal();
    const clock = createManualClock();
    const waiting = changes.next(never, { clock, afterMs: 50 });
    await clock.advance(49);
    expect(await isSettled(waiting)).toBe(false);
    await clock.advance(1);
    await waiting;
  });

  it('leaves no timer behind after a change', async () => {
    const changes = createChangeSignal();
    const clock = createManualClock();
    const waiting = changes.next(never, { clock, afterMs: 50 });
    changes.notify();
    await waiting;
    expect(clock.pendingTimers).toBe(0);
  });
});
