import { afterEach, describe, expect, it } from 'vitest';
import { event, scriptedStore, settle, unavailable } from '../support';
import { start, stopScheduler } from './scheduler-support';

afterEach(stopScheduler);

describe('Scheduler', () => {
  it('reports how long the oldest event waits, and how long the last batch waited until it was stored', async () => {
    let isAway = true;
    const store = scriptedStore((_, append) => (isAway ? Promise.reject(unavailable()) : append()));
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1_000 } });
    expect(scheduler.status().lagMs).toBe(0);
    expect(scheduler.status()).not.toHaveProperty('storedLagMs');
    await broker.publish([event({ receivedAt: clock.now() - 500 }), event({ receivedAt: clock.now() })]);
    await settle();
    expect(scheduler.status().lagMs).toBe(500);
    await clock.advance(60_000);
    await broker.publish([event({ receivedAt: clock.now() })]);
    await settle();
    expect(scheduler.status()).toMatchObject({ state: 'retrying', lagMs: 60_500 });
    isAway = false;
    await clock.advance(60_000);
    expect(scheduler.status()).toMatchObject({ state: 'idle', lagMs: 0, stored: 3 });
    expect(scheduler.status().storedLagMs).toBeGreaterThan(0);
  });

  it('reports the lag of the last batch from the receipt of its oldest event', async () => {
    const { broker, clock, scheduler } = await start(scriptedStore(), { bounds: { intervalMs: 1_000 } });
    await broker.publish([event({ receivedAt: clock.now() }), event({ receivedAt: clock.now() - 500 })]);
    await clock.advance(1_000);
    expect(scheduler.status()).toMatchObject({ lagMs: 0, storedLagMs: 1_500 });
  });

  it('reports no negative lag when the clock steps back', async () => {
    const { broker, clock, scheduler } = await start(scriptedStore());
    await broker.publish([event({ receivedAt: clock.now() + 60_000 })]);
    await settle();
    expect(scheduler.status()).toMatchObject({ state: 'waiting', lagMs: 0 });
  });

  it('counts stored events, duplicates, dead letters and failed writes', async () => {
    let failures = 2;
    const store = scriptedStore((_, append) => (failures-- > 0 ? Promise.reject(unavailable()) : append()));
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    const known = event({ id: 'known' });
    await broker.publish([known, event(), known, event({ id: 'known', message: 'other' })]);
    await clock.advance(1_000);
    expect(scheduler.status()).toMatchObject({
      ...{ stored: 2, duplicates: 1, conflicts: 1, deadLetters: 1, droppedDeadLetters: 0 },
      ...{ batches: 1, failedWrites: 2, waitingEvents: 0, waitingBytes: 0 },
    });
  });

  it('reports whether it is waiting, writing, retrying or closed', async () => {
    let outcome = (_: Promise<never> | undefined): void => {};
    const store = scriptedStore((_, append) =>
      new Promise<undefined>((resolve) => (outcome = resolve as typeof outcome)).then(
        (failed) => failed ?? append(),
      ),
    );
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 10 } });
    expect(scheduler.status()).toMatchObject({ state: 'idle', waitingEvents: 0 });
    expect(scheduler.status()).not.toHaveProperty('reason');
    await broker.publish([event()]);
    await settle();
    expect(scheduler.status()).toMatchObject({ state: 'waiting', waitingEvents: 1 });
    await clock.advance(10);
    expect(scheduler.status()).toMatchObject({ state: 'writing', waitingEvents: 0 });
    outcome(Promise.reject(unavailable()));
    await settle();
    expect(scheduler.status()).toMatchObject({ state: 'retrying', reason: 'the store is away' });
    await clock.advance(100);
    outcome(undefined);
    await settle();
    expect(scheduler.status()).toMatchObject({ state: 'idle', stored: 1, batches: 1 });
    await scheduler.stop();
    expect(scheduler.status().state).toBe('closed');
  });
});
