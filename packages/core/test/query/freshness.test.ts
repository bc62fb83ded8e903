import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { BarrierResult, Broker, BrokerStatus } from '../../src/contracts/broker';
import { createFreshness } from '../../src/query/freshness';
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
  const freshness = createFreshness({
    ...{ broker, clock, drained: async () => {} },
    failureReason: () => failureReason,
  });
  return { barriers, clock, freshness };
}

describe('Freshness', () => {
  it('runs one barrier and lets all who come meanwhile wait for one more', async () => {
    const { barriers, freshness } = setUp();
    const first = freshness.raise(1_000);
    await settle();
    const later = [freshness.raise(1_000), freshness.raise(1_000), freshness.raise(1_000)];
    await settle();
    expect(barriers).toHaveLength(1);
    barriers[0]?.resolve({ complete: true, pending: 0 });
    expect(await first).toEqual({ complete: true, pending: 0 });
    await settle();
    expect(barriers).toHaveLength(2);
    barriers[1]?.resolve({ complete: true, pending: 0 });
    expect(await Promise.all(later)).toEqual(Array(3).fill({ complete: true, pending: 0 }));
  });

  it('answers within the timeout, incomplete and with what is pending', async () => {
    const { clock, freshness } = setUp();
    const answer = freshness.raise(2_000);
    await clock.advance(2_000);
    expect(await answer).toEqual({ complete: false, pending: 7 });
  });

  it('answers at once while nothing moves', async () => {
    const { barriers, freshness } = setUp('the store is away');
    expect(await freshness.raise(2_000)).toEqual({ complete: false, pending: 7 });
    expect(barriers).toHaveLength(0);
  });

  it('ends for the caller whose signal is aborted, not for the others', async () => {
    const { barriers, freshness } = setUp();
    const mine = new AbortController();
    const aborted = freshness.raise(1_000, mine.signal);
    const other = freshness.raise(1_000);
    await settle();
    mine.abort();
    await expect(aborted).rejects.toThrow();
    barriers[0]?.resolve({ complete: true, pending: 0 });
    await settle();
    barriers[1]?.resolve({ complete: true, pending: 0 });
    expect((await other).complete).toBe(true);
  });

  it('resolves at once while the broker is blocked, and still raises the barrier', async () => {
    const { barriers, freshness } = setUp(undefined, { state: 'degraded', isBlocked: true });
    expect(await freshness.raise(2_000)).toEqual({ complete: false, pending: 7 });
    await settle();
    expect(barriers).toHaveLength(1);
  });

  it('waits while the broker is degraded but not blocked', async () => {
    const { barriers, freshness } = setUp(undefined, { state: 'degraded' });
    const answer = freshness.raise(2_000);
    await settle();
    barriers[0]?.resolve({ complete: true, pending: 0 });
    expect(await answer).toEqual({ complete: true, pending: 0 });
  });

  it('keeps settling until the timeout despite failures', async () => {
    const { barriers, clock, freshness } = setUp('the store is away', { state: 'degraded', isBlocked: true });
    const settled = freshness.settle(10_000);
    await settle();
    barriers[0]?.resolve({ complete: false, pending: 7 });
    await clock.advance(9_000);
    expect(barriers).toHaveLength(2);
    barriers[1]?.resolve({ complete: true, pending: 0 });
    expect(await settled).toEqual({ complete: true, pending: 0 });
  });

  it('resolves incomplete when the timeout expires', async () => {
    const { clock, freshness } = setUp('the store is away');
    const settled = freshness.settle(10_000);
    await clock.advance(10_000);
    expect(await settled).toEqual({ complete: false, pending: 7 });
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});
