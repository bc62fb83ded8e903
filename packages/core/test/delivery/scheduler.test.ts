import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/clock';
import type { AdapterContext } from '../../src/contracts/context';
import type { Store } from '../../src/contracts/store';
import { createDeadLetterBox } from '../../src/delivery/dead-letters';
import type { Scheduler } from '../../src/delivery/scheduler';
import { startScheduler } from '../../src/delivery/scheduler';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { event, events, rejected, scriptedStore, settle, unavailable } from '../support';

const BOUNDS = {
  intervalMs: 30_000,
  maxEvents: 5_000,
  maxBytes: 8_000_000,
  maxUnacknowledgedBytes: 32_000_000,
};

let running: Scheduler | undefined;
afterEach(() => running?.stop());

async function start(
  store: Store,
  options: { bounds?: Partial<typeof BOUNDS>; maxDeadLetters?: number } = {},
) {
  const clock = createManualClock();
  const broker = createMemoryBroker();
  const context: AdapterContext = {
    clock,
    diagnostics: () => {},
    signal: new AbortController().signal,
    decodeEvent: () => {
      throw new Error('nothing foreign here');
    },
  };
  await store.open(context);
  await broker.open(context);
  const documents = createMemoryDocuments();
  const deadLetters = createDeadLetterBox(documents, options.maxDeadLetters ?? 100, () => clock.now());
  const scheduler = startScheduler({
    ...{ broker, store, clock, deadLetters, random: () => 1 },
    diagnostics: () => {},
    bounds: { ...BOUNDS, ...options.bounds },
  });
  running = scheduler;
  return { broker, clock, scheduler, deadLetters };
}

describe('the scheduler', () => {
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

  it('writes at once at a barrier, which then is complete', async () => {
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

  it('keeps a batch while the store is away and stores it once it is back', async () => {
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

  it('makes a dead letter of an event that the store rejects and stores its neighbours', async () => {
    const store = scriptedStore((batch, append) =>
      batch.some(({ message }) => message === 'bad') ? Promise.reject(rejected()) : append(),
    );
    const { broker, clock, deadLetters, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish([...events(249), event({ id: 'bad-one', message: 'bad' }), ...events(250)]);
    await clock.advance(1);
    await settle(50);
    expect(scheduler.status()).toMatchObject({ stored: 499, deadLetters: 1 });
    expect((await deadLetters.list({ limit: 10 })).letters).toMatchObject([
      { id: 'bad-one', reason: 'rejected' },
    ]);
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('condemns an event that keeps failing for another reason once others go through around it', async () => {
    const store = scriptedStore((batch, append) =>
      batch.some(({ message }) => message === 'bad') ? Promise.reject(new Error('odd')) : append(),
    );
    const { broker, clock, deadLetters } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish([event({ message: 'bad' })]);
    await clock.advance(60_000);
    expect((await deadLetters.list({ limit: 10 })).letters).toHaveLength(0);
    await broker.publish(events(4));
    await clock.advance(300_000);
    expect((await deadLetters.list({ limit: 10 })).letters).toHaveLength(1);
    expect((await store.status()).events).toBe(4);
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('keeps the later of two contents of one id as a dead letter', async () => {
    const { broker, clock, deadLetters } = await start(scriptedStore(), { bounds: { intervalMs: 1 } });
    await broker.publish([event({ id: 'same' }), event({ id: 'same', message: 'other' })]);
    await clock.advance(1);
    expect((await deadLetters.list({ limit: 10 })).letters).toMatchObject([
      { id: 'same', reason: 'id-conflict' },
    ]);
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('acknowledges nothing while the dead letters are full', async () => {
    const store = scriptedStore((batch, append) =>
      batch.some(({ message }) => message === 'bad') ? Promise.reject(rejected()) : append(),
    );
    const { broker, clock, deadLetters, scheduler } = await start(store, {
      bounds: { intervalMs: 1 },
      maxDeadLetters: 1,
    });
    await broker.publish([event({ message: 'bad' }), event(), event({ message: 'bad' })]);
    await clock.advance(10_000);
    expect(scheduler.trouble).toMatch(/dead letters/);
    expect(broker.status().pendingEvents).toBe(3);
    const [letter] = (await deadLetters.list({ limit: 10 })).letters;
    await deadLetters.delete(letter?.key ?? '');
    await clock.advance(60_000);
    expect(scheduler.trouble).toBeUndefined();
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('takes no more from the broker than the bound on unacknowledged bytes', async () => {
    const store = scriptedStore(() => Promise.reject(unavailable()));
    const { broker, clock, scheduler } = await start(store, {
      bounds: { intervalMs: 1, maxUnacknowledgedBytes: 2_000_000 },
    });
    const message = 'x'.repeat(60_000);
    for (let n = 0; n < 100; n += 1) await broker.publish([event({ message })]);
    await clock.advance(1_000);
    expect(scheduler.status().waitingBytes).toBeLessThan(4_000_000);
    expect(broker.status().pendingEvents).toBe(100);
  });

  it('leaves no timer when it stops, and leaves what waits to the broker', async () => {
    const { broker, clock, scheduler } = await start(scriptedStore());
    await broker.publish([event()]);
    await settle();
    await scheduler.stop();
    expect(clock.pendingTimers).toBe(0);
    expect(broker.status().pendingEvents).toBe(1);
  });
});
