import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { ConsumeOptions } from '../../src/contracts/broker';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { event, events, scriptedStore, settle, unavailable } from '../support';
import { start, stopScheduler } from './scheduler-support';

afterEach(stopScheduler);

describe('Scheduler', () => {
  it('stores a lone event when the interval is over, not before', async () => {
    const store = scriptedStore();
    const { broker, clock } = await start(store);
    await broker.publish([event()]);
    await clock.advance(29_999);
    expect(store.appends).toHaveLength(0);
    await clock.advance(1);
    expect(store.appends).toHaveLength(1);
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('writes at once when enough events wait', async () => {
    const store = scriptedStore();
    const { broker, clock } = await start(store, { bounds: { maxEvents: 10 } });
    await broker.publish(events(25));
    await clock.advance(0);
    expect(store.appends.map((batch) => batch.length)).toEqual([10, 10]);
  });

  it('writes at once at a barrier, which then completes', async () => {
    const store = scriptedStore();
    const { broker } = await start(store);
    await broker.publish(events(3));
    const result = await broker.barrier({ signal: new AbortController().signal });
    expect(result).toEqual({ complete: true, pending: 0 });
    expect((await store.status()).events).toBe(3);
  });

  it('acknowledges only after the store has committed', async () => {
    let commit = (): void => {};
    const store = scriptedStore((_, append) => new Promise((resolve) => (commit = () => resolve(append()))));
    const { broker, clock } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish([event()]);
    await clock.advance(1);
    expect(broker.status().pendingEvents).toBe(1);
    commit();
    await settle();
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('keeps a batch while the store fails and stores it after the recovery', async () => {
    let isAway = true;
    const store = scriptedStore((_, append) => (isAway ? Promise.reject(unavailable()) : append()));
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish(events(4));
    await clock.advance(120_000);
    expect(scheduler.status()).toMatchObject({ state: 'retrying', stored: 0, deadLetters: 0 });
    expect(broker.status().pendingEvents).toBe(4);
    isAway = false;
    await clock.advance(60_000);
    expect(scheduler.status()).toMatchObject({ state: 'idle', stored: 4 });
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('retries soon after hurry(), regardless of earlier failures', async () => {
    let isAway = true;
    const store = scriptedStore((_, append) => (isAway ? Promise.reject(unavailable()) : append()));
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish(events(4));
    await clock.advance(120_000);
    scheduler.hurry();
    await clock.advance(100);
    const before = scheduler.status().failedWrites;
    await clock.advance(2_000);
    expect(scheduler.status().failedWrites - before).toBe(4);
    isAway = false;
    await clock.advance(500);
    expect(scheduler.status()).toMatchObject({ state: 'idle', stored: 4 });
  });

  it('consumes again after growing pauses until a delivery arrives', async () => {
    const broker = createMemoryBroker();
    const { consume } = broker;
    const asked: number[] = [];
    let isBroken = true;
    const clock = createManualClock();
    const { scheduler } = await start(scriptedStore(), {
      clock,
      broker: Object.assign(broker, {
        async *consume(options: ConsumeOptions) {
          asked.push(clock.monotonic());
          if (isBroken) throw new Error('no deliveries');
          for await (const each of consume.call(broker, options)) {
            yield each;
            if (isBroken) return;
          }
        },
      }),
    });
    await clock.advance(800);
    expect(asked).toEqual([0, 100, 300, 700]);
    expect(scheduler.status()).toMatchObject({ state: 'retrying', reason: 'no deliveries' });
    scheduler.hurry();
    await clock.advance(1_000);
    expect(asked.slice(4)).toEqual([800, 1_300, 1_800]);
    isBroken = false;
    await broker.publish([event()]);
    await clock.advance(500);
    expect(scheduler.failureReason).toBeUndefined();
    isBroken = true;
    await broker.publish([event()]);
    await settle();
    expect(scheduler.failureReason).toBe('the broker ended the deliveries');
    await clock.advance(100);
    expect(asked.slice(7)).toEqual([2_300, 2_400]);
  });

  it('stops while it is full and the store is down', async () => {
    const store = scriptedStore(() => Promise.reject(unavailable()));
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    const message = 'x'.repeat(60_000);
    for (let n = 0; n < 700; n += 10) await broker.publish(events(10, { message }));
    await clock.advance(1_000);
    await scheduler.stop();
    expect(clock.pendingTimers).toBe(0);
    expect(broker.status().pendingEvents).toBe(700);
  });

  it('waits for the current write and its acknowledgement when it stops', async () => {
    let commit = (): void => {};
    let acknowledge = (): void => {};
    const acknowledged = new Promise<void>((resolve) => (acknowledge = resolve));
    const store = scriptedStore((_, append) => new Promise((resolve) => (commit = () => resolve(append()))));
    const { broker, clock, scheduler } = await start(store, {
      bounds: { intervalMs: 1 },
      ack: (ack) => acknowledged.then(ack),
    });
    await broker.publish([event()]);
    await clock.advance(1);
    let isStopped = false;
    const stopping = scheduler.stop().then(() => (isStopped = true));
    await settle();
    expect(isStopped).toBe(false);
    commit();
    await settle();
    expect(isStopped).toBe(false);
    acknowledge();
    await stopping;
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('reports an acknowledgement that fails', async () => {
    const diagnostics: Diagnostic[] = [];
    const { broker, clock } = await start(scriptedStore(), {
      bounds: { intervalMs: 1 },
      diagnostics: (diagnostic) => diagnostics.push(diagnostic),
      ack: () => Promise.reject(new Error('no commit')),
    });
    await broker.publish([event()]);
    await clock.advance(1);
    expect(diagnostics).toMatchObject([
      {
        level: 'warn',
        component: 'scheduler',
        code: 'acknowledge-failed',
        message: expect.stringContaining('no commit'),
      },
    ]);
  });

  it('leaves no timer when it stops, and waiting events in the broker', async () => {
    const { broker, clock, scheduler } = await start(scriptedStore());
    await broker.publish([event()]);
    await settle();
    await scheduler.stop();
    expect(clock.pendingTimers).toBe(0);
    expect(broker.status().pendingEvents).toBe(1);
  });
});
