import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { startMaintenance } from '../../src/host/maintenance';
import type { Refreshed } from '../../src/store/store-protocol';
import { QUIET_MS, RECENT_MS } from '../../src/store/store-protocol';
import type { WorkerCall } from '../../src/thread/worker-thread';

/** Starts the maintenance of a writer whose `refresh` returns what `refreshed` is, or rejects. */
function setUp(refreshed: Partial<Refreshed> | Error) {
  const clock = createManualClock();
  const calls: string[] = [];
  const state = { refreshed, maintain: (): Promise<unknown> => Promise.resolve() };
  const call = (async (method: string) => {
    calls.push(method);
    if (method === 'maintain') return state.maintain();
    if (state.refreshed instanceof Error) throw state.refreshed;
    return { isDue: false, isQuiet: false, ...state.refreshed };
  }) as WorkerCall;
  return { clock, calls, state, maintenance: startMaintenance(clock, call) };
}

describe('startMaintenance', () => {
  it('checks the files every second while events are appended', async () => {
    const { clock, calls } = setUp({});
    for (let second = 0; second < 5; second += 1) await clock.advance(1_000);
    expect(calls).toHaveLength(5);
  });

  it('checks the files less often while nothing is appended, but before a batch is forgotten', async () => {
    const { clock, calls } = setUp({ isQuiet: true });
    await clock.advance(1_000);
    await clock.advance(QUIET_MS - 1);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    expect(QUIET_MS).toBeLessThan(RECENT_MS);
  });

  it('continues after a check that failed', async () => {
    const { clock, calls } = setUp(new Error('The thread ended.'));
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(calls).toEqual(['refresh', 'refresh']);
  });

  it('seals rows when that is due, once at a time, and checks the files meanwhile', async () => {
    const { clock, calls, state } = setUp({ isDue: true });
    let end = (): void => {};
    state.maintain = () => new Promise<void>((resolve) => (end = resolve));
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(calls).toEqual(['refresh', 'maintain', 'refresh']);
    end();
    await clock.advance(1_000);
    expect(calls.slice(3)).toEqual(['refresh', 'maintain']);
  });

  it('seals rows again after a failure', async () => {
    const { clock, calls, state } = setUp({ isDue: true });
    state.maintain = () => Promise.reject(new Error('The disk is full.'));
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(calls).toEqual(['refresh', 'maintain', 'refresh', 'maintain']);
  });

  it('does nothing after stop()', async () => {
    const { clock, calls, maintenance } = setUp({});
    maintenance.stop();
    await clock.advance(10_000);
    expect(calls).toEqual([]);
  });
});
