import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/util/clock';
import { createManualClock } from '../../src/util/clock';
import type { BarrierResult, Broker, BrokerStatus } from '../../src/contracts/broker';
import { createStoreBarrier } from '../../src/query/store-barrier';
import { settle } from '../support';

function setUp(failureReason?: string, status: Partial<BrokerStatus> = {}) {
  const barriers: { resolve: (result: BarrierResult) => void; signal: AbortSignal }[] = [];
  const broker = {
    barrier: ({ signal }: { signal: AbortSignal }) =>
      new Promise<BarrierResult>((resolve) => {
        barriers.push({ resolve, signal });
        signal.addEventListener('abort', () => resolve({ complete: false, pending: 7 }));
      }),
    status: () => ({ state: 'ready', pendingEvents: 7, pendingBytes: 70, ...status }),
  } as unknown as Broker;
  const clock = createManualClock();
  const barrier = createStoreBarrier({
    ...{ broker, clock, drained: async () => {} },
    failureReason: () => failureReason,
  });
  return { barriers, clock, barrier };
}

describe('StoreBarrier', () => {
  it('runs one barrier, and one more for all callers that arrive during it', async () => {
    const { barriers, barrier } = setUp();
    const first = barrier.wait(1_000);
    await settle();
    const later = [barrier.wait(1_000), barrier.wait(1_000), barrier.wait(1_000)];
    await settle();
    expect(barriers).toHaveLength(1);
    barriers[0]?.resolve({ complete: true, pending: 0 });
    expect(await first).toEqual({ complete: true, pending: 0 });
    await settle();
    expect(barriers).toHaveLength(2);
    barriers[1]?.resolve({ complete: true, pending: 0 });
    expect(await Promise.all(later)).toEqual(Array(3).fill({ complete: true, pending: 0 }));
  });

  it('resolves within the timeout as incomplete, with the number of pending events', async () => {
    const { clock, barrier } = setUp();
    const answer = barrier.wait(2_000);
    await clock.advance(2_000);
    expect(await answer).toEqual({ complete: false, pending: 7 });
  });

  it('resolves at once while writes fail', async () => {
    const { barriers, barrier } = setUp('the store is away');
    expect(await barrier.wait(2_000)).toEqual({ complete: false, pending: 7 });
    expect(barriers).toHaveLength(0);
  });

  it('rejects only the caller whose signal is aborted', async () => {
    const { barriers, barrier } = setUp();
    const mine = new AbortController();
    const aborted = barrier.wait(1_000, mine.signal);
    const other = barrier.wait(1_000);
    await settle();
    mine.abort();
    await expect(aborted).rejects.toThrow();
    barriers[0]?.resolve({ complete: true, pending: 0 });
    await settle();
    barriers[1]?.resolve({ complete: true, pending: 0 });
    expect((await other).complete).toBe(true);
  });

  it('resolves at once while the broker is blocked, and still raises the barrier', async () => {
    const { barriers, barrier } = setUp(undefined, { state: 'degraded', isBlocked: true });
    expect(await barrier.wait(2_000)).toEqual({ complete: false, pending: 7 });
    await settle();
    expect(barriers).toHaveLength(1);
  });

  it('waits while the broker is degraded but not blocked', async () => {
    const { barriers, barrier } = setUp(undefined, { state: 'degraded' });
    const answer = barrier.wait(2_000);
    await settle();
    barriers[0]?.resolve({ complete: true, pending: 0 });
    expect(await answer).toEqual({ complete: true, pending: 0 });
  });

  it('keeps settling until the timeout despite failures', async () => {
    const { barriers, clock, barrier } = setUp('the store is away', { state: 'degraded', isBlocked: true });
    const settled = barrier.waitDespiteFailures(10_000);
    await settle();
    barriers[0]?.resolve({ complete: false, pending: 7 });
    await clock.advance(9_000);
    expect(barriers).toHaveLength(2);
    barriers[1]?.resolve({ complete: true, pending: 0 });
    expect(await settled).toEqual({ complete: true, pending: 0 });
  });

  it('resolves incomplete when the timeout expires', async () => {
    const { clock, barrier } = setUp('the store is away');
    const settled = barrier.waitDespiteFailures(10_000);
    await clock.advance(10_000);
    expect(await settled).toEqual({ complete: false, pending: 7 });
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('StoreBarrier of one caller', () => {
  it.each([0, -1])('does not wait for %d ms, and raises no barrier', async (timeoutMs) => {
    const { barriers, clock, barrier } = setUp();
    expect(await barrier.wait(timeoutMs)).toEqual({ complete: false, pending: 7 });
    expect([barriers.length, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('raises a barrier for 1 ms', async () => {
    const { barriers, barrier } = setUp();
    const answer = barrier.wait(1);
    await settle();
    barriers[0]?.resolve({ complete: true, pending: 0 });
    expect(await answer).toEqual({ complete: true, pending: 0 });
  });

  it('rejects at once with the reason of a signal that is already aborted', async () => {
    const { barriers, barrier } = setUp();
    const reason = new Error('no longer wanted');
    await expect(barrier.wait(1_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(barriers).toEqual([]);
  });

  it('removes its listener and its timer once it has an answer', async () => {
    const { barriers, clock, barrier } = setUp();
    const { signal } = new AbortController();
    const answer = barrier.wait(1_000, signal);
    await settle();
    expect([getEventListeners(signal, 'abort').length, clock.pendingTimers]).toEqual([1, 2]);
    barriers[0]?.resolve({ complete: true, pending: 0 });
    await answer;
    await settle();
    expect([getEventListeners(signal, 'abort').length, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('removes its timer when its signal is aborted', async () => {
    const { barriers, clock, barrier } = setUp();
    const mine = new AbortController();
    const answer = barrier.wait(1_000, mine.signal);
    await settle();
    mine.abort(new Error('no longer wanted'));
    await expect(answer).rejects.toThrow('no longer wanted');
    barriers[0]?.resolve({ complete: true, pending: 0 });
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('StoreBarrier.wait()', () => {
  /** Creates a barrier whose events the test drains, and records the timers that it sets. */
  function setUpDraining(barrier: () => Promise<BarrierResult>) {
    const timers: [delayMs: number, isKeepingAlive: boolean][] = [];
    const manual = createManualClock();
    const clock: Clock = {
      ...manual,
      after(delayMs, callback, options) {
        timers.push([delayMs, options?.keepAlive === true]);
        return manual.after(delayMs, callback);
      },
    };
    let drain = (): void => {};
    const drained = new Promise<void>((resolve) => (drain = resolve));
    let barriers = 0;
    const broker = {
      barrier: () => {
        barriers += 1;
        return barrier();
      },
      status: () => ({ state: 'ready', pendingEvents: 7, pendingBytes: 70 }),
    } as unknown as Broker;
    const parts = { broker, clock, drained: () => drained, failureReason: () => undefined };
    return { barrier: createStoreBarrier(parts), manual, timers, drain, barriers: () => barriers };
  }

  it('raises a barrier once the broker holds the events accepted before', async () => {
    const { barrier, drain, barriers } = setUpDraining(async () => ({ complete: true, pending: 0 }));
    const answer = barrier.wait(1_000);
    await settle();
    expect(barriers()).toBe(0);
    drain();
    expect(await answer).toEqual({ complete: true, pending: 0 });
    expect(barriers()).toBe(1);
  });

  it('resolves incomplete when the broker fails, and raises another barrier for the next caller', async () => {
    const { barrier, drain, barriers } = setUpDraining(() => Promise.reject(new Error('no broker')));
    drain();
    for (const count of [1, 2]) {
      expect(await barrier.wait(1_000)).toEqual({ complete: false, pending: 7 });
      expect(barriers()).toBe(count);
    }
  });

  it('keeps the process alive only while a caller waits', async () => {
    const { barrier, timers } = setUpDraining(() => new Promise(() => {}));
    void barrier.wait(1_000);
    await settle();
    expect(timers).toEqual([
      [1_000, false],
      [1_000, true],
    ]);
  });

  it('keeps the process alive during the pause between two attempts to settle', async () => {
    const { barrier, timers, drain } = setUpDraining(async () => ({ complete: false, pending: 7 }));
    drain();
    void barrier.waitDespiteFailures(1_000);
    await settle();
    expect(timers.at(-1)).toEqual([100, true]);
  });

  it('ends at the timeout of the caller', async () => {
    const { barriers, clock, barrier } = setUp();
    void barrier.wait(2_000);
    await clock.advance(1_999);
    expect(barriers[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(barriers[0]?.signal.aborted).toBe(true);
  });

  it.each([[[1_000, 5_000, 3_000]], [[5_000, 1_000, 3_000]]])(
    'ends at the longest timeout of the callers that share it: %j',
    async (timeouts) => {
      const { barriers, clock, barrier } = setUp();
      void barrier.wait(10_000);
      await settle();
      for (const timeoutMs of timeouts) void barrier.wait(timeoutMs);
      barriers[0]?.resolve({ complete: true, pending: 0 });
      await clock.advance(4_999);
      expect(barriers[1]?.signal.aborted).toBe(false);
      await clock.advance(1);
      expect(barriers[1]?.signal.aborted).toBe(true);
    },
  );

  it('leaves no timer once it is complete', async () => {
    const { barriers, clock, barrier } = setUp();
    const answers = [barrier.wait(1_000), barrier.waitDespiteFailures(1_000)];
    await settle();
    barriers[0]?.resolve({ complete: true, pending: 0 });
    await settle();
    barriers[1]?.resolve({ complete: true, pending: 0 });
    await Promise.all(answers);
    await settle();
    expect([barriers.length, clock.pendingTimers]).toEqual([2, 0]);
  });
});

describe('StoreBarrier.waitDespiteFailures()', () => {
  const incomplete = { complete: false, pending: 7 };

  it('raises the next barrier 100 ms after one that is incomplete', async () => {
    const { barriers, clock, barrier } = setUp();
    void barrier.waitDespiteFailures(1_000);
    await settle();
    barriers[0]?.resolve(incomplete);
    const counts: number[] = [];
    for (const ms of [99, 1]) {
      await clock.advance(ms);
      counts.push(barriers.length);
    }
    expect(counts).toEqual([1, 2]);
  });

  it('does not pause when the pause would end at the timeout', async () => {
    const { barriers, clock, barrier } = setUp();
    const settled = barrier.waitDespiteFailures(1_000);
    await clock.advance(900);
    barriers[0]?.resolve(incomplete);
    expect(await settled).toEqual(incomplete);
    expect([barriers.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('pauses when the pause ends before the timeout, and then waits for the rest of it', async () => {
    const { barriers, clock, barrier } = setUp();
    const settled = barrier.waitDespiteFailures(1_000);
    await clock.advance(899);
    barriers[0]?.resolve(incomplete);
    await clock.advance(100);
    expect([barriers.length, barriers[1]?.signal.aborted]).toEqual([2, false]);
    await clock.advance(1);
    expect(await settled).toEqual(incomplete);
    expect(barriers[1]?.signal.aborted).toBe(true);
  });
});
