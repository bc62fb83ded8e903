import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '../../src/util/clock';
import { createManualClock } from '../../src/util/clock';
import type { Broker, ConsumeOptions } from '../../src/contracts/broker';
import type { AdapterContext } from '../../src/contracts/context';
import type { DocumentStore } from '../../src/contracts/documents';
import type { Store } from '../../src/contracts/store';
import type { Usage } from '../../src/delivery/batch-buffer';
import { maxHeldBytes, occupiedBytes } from '../../src/delivery/batch-buffer';
import { createDeadLetterQueue } from '../../src/delivery/dead-letter-queue';
import type { Scheduler } from '../../src/delivery/scheduler';
import { startScheduler } from '../../src/delivery/scheduler';
import type { Diagnostic, DiagnosticSink } from '../../src/util/diagnostics';
import { encodedSize } from '../../src/event/codec';
import type { Event } from '../../src/event/event';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { createMemoryStore } from '../../src/memory/memory-store';
import { delivery, event, events, rejected, scriptedStore, settle, unavailable } from '../support';

const BOUNDS = {
  intervalMs: 30_000,
  maxEvents: 5_000,
  maxBytes: 8_000_000,
};

const MIB = 1024 * 1024;

let running: Scheduler | undefined;
afterEach(() => running?.stop());

interface StartOptions {
  readonly bounds?: Partial<typeof BOUNDS>;
  readonly documents?: DocumentStore;
  readonly maxDeadLetters?: number;
  readonly broker?: Broker;
  readonly clock?: ManualClock;
  readonly capacityBytes?: number;
  readonly diagnostics?: DiagnosticSink;
  readonly ack?: (ack: () => Promise<void>) => Promise<void>;
}

async function start(store: Store, options: StartOptions = {}) {
  const {
    documents = createMemoryDocuments(),
    maxDeadLetters = 100,
    capacityBytes = 64 * MIB,
    broker = createMemoryBroker({ maxBytes: capacityBytes }),
    clock = createManualClock(),
    diagnostics = () => {},
    ack = (original) => original(),
  } = options;
  const context: AdapterContext = {
    ...{ clock, diagnostics },
    signal: new AbortController().signal,
    decodeEvent: () => {
      throw new Error('There are no external records.');
    },
  };
  await store.open(context);
  await broker.open(context);
  const deadLetters = createDeadLetterQueue({
    ...{ documents, diagnostics, isVolatile: false, maxCount: maxDeadLetters, now: () => clock.now() },
  });
  const taken: Event[] = [];
  const { consume } = broker;
  broker.consume = async function* (request) {
    for await (const delivery of consume.call(broker, request)) {
      taken.push(...delivery.events);
      yield { ...delivery, ack: () => ack(delivery.ack) };
    }
  };
  const scheduler = startScheduler({
    ...{ broker, store, clock, deadLetters, diagnostics, random: () => 1 },
    bounds: { ...BOUNDS, ...options.bounds },
  });
  running = scheduler;
  const usage = (): Usage => ({
    events: taken.length,
    objects: taken.length,
    bytes: taken.reduce((sum, each) => sum + encodedSize(each), 0),
  });
  return { broker, clock, scheduler, deadLetters, taken: usage };
}

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

  it('moves an event that the store rejects to the dead letters and stores the others', async () => {
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

  it('moves an event that fails for another reason to the dead letters once events around it are stored', async () => {
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

  it.each([
    ['a collection with room', 10_000],
    ['a full collection', 2_000],
  ])('writes thousands of dead letters into %s in few transactions', async (_, maxDeadLetters) => {
    const transactions: string[] = [];
    const documents = new Proxy(createMemoryDocuments(), {
      get(target, name: keyof DocumentStore) {
        if (!['get', 'list', 'count'].includes(name)) transactions.push(name);
        return target[name];
      },
    });
    const { broker, clock, scheduler } = await start(scriptedStore(), {
      bounds: { intervalMs: 1 },
      ...{ documents, maxDeadLetters },
    });
    const known = events(3_000);
    await broker.publish(known);
    await broker.publish(known.map(({ id }) => event({ id, message: 'other' })));
    await clock.advance(1);
    while (broker.status().pendingEvents > 0) await settle();
    expect(scheduler.status()).toMatchObject({ deadLetters: 3_000 });
    expect(await documents.count('dead-letter')).toBe(Math.min(3_000, maxDeadLetters));
    expect(transactions.length).toBeLessThanOrEqual(100);
  });

  it('acknowledges nothing while a dead letter cannot be written', async () => {
    const documents = createMemoryDocuments();
    let isBroken = true;
    const { write } = documents;
    documents.write = (changes) => (isBroken ? Promise.reject(unavailable()) : write(changes));
    const store = scriptedStore((batch, append) =>
      batch.some(({ message }) => message === 'bad') ? Promise.reject(rejected()) : append(),
    );
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 }, documents });
    await broker.publish([event({ message: 'bad' }), event(), event({ message: 'bad' })]);
    await clock.advance(10_000);
    expect(scheduler.failureReason).toBe('the store is away');
    expect(broker.status().pendingEvents).toBe(3);
    isBroken = false;
    await clock.advance(60_000);
    expect(scheduler.failureReason).toBeUndefined();
    expect(scheduler.status()).toMatchObject({ stored: 1, deadLetters: 2 });
    expect(broker.status().pendingEvents).toBe(0);
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

  it('acknowledges the other events of a batch with an event that keeps failing', async () => {
    const store = scriptedStore((batch, append) =>
      batch.some(({ message }) => message === 'bad') ? Promise.reject(new Error('odd')) : append(),
    );
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish([event({ message: 'bad' })]);
    await clock.advance(10);
    await broker.publish([event()]);
    await clock.advance(2_000);
    // Nothing was stored before the failing event, so it is not certain that the event is at fault.
    expect(scheduler.status()).toMatchObject({ state: 'retrying', stored: 1, deadLetters: 0 });
    expect(broker.status().pendingEvents).toBe(1);
    await broker.publish(events(2));
    await clock.advance(300_000);
    expect(scheduler.status()).toMatchObject({ state: 'idle', stored: 3, deadLetters: 1 });
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('suspects a store that rejects a hundred events in a row, until it stores another one', async () => {
    const store = scriptedStore((batch, append) =>
      batch.some(({ message }) => message === 'bad') ? Promise.reject(rejected()) : append(),
    );
    const { broker, clock, scheduler } = await start(store, { bounds: { intervalMs: 1 } });
    await broker.publish(events(150, { message: 'bad' }));
    await clock.advance(1_000);
    expect(scheduler.status()).toMatchObject({ state: 'retrying', deadLetters: 0 });
    expect(broker.status().pendingEvents).toBe(150);
    await broker.publish(events(10));
    await clock.advance(2_000);
    expect(scheduler.status()).toMatchObject({ state: 'idle', stored: 10, deadLetters: 150 });
    expect(broker.status().pendingEvents).toBe(0);
  });

  it.each([
    ['large', { count: 700, size: 60_000, maxEvents: 1_000 }],
    ['small', { count: 70_000, size: 0, maxEvents: 16_000 }],
  ])(
    'consumes no more than maxHeldBytes while %s events cannot be written',
    async (_, { count, size, maxEvents }) => {
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => (end = resolve));
      const store = scriptedStore((__, append) => ended.then(append));
      const { broker, clock, taken } = await start(store, { bounds: { maxEvents } });
      const message = 'x'.repeat(size);
      for (let n = 0; n < count; n += 10) await broker.publish(events(10, { message }));
      await clock.advance(1_000);
      const held = taken();
      const pending = broker.status().pendingEvents;
      end();
      expect(pending).toBe(count);
      const bound = maxHeldBytes({ ...BOUNDS, maxEvents });
      expect(occupiedBytes(held)).toBeGreaterThanOrEqual(bound);
      // The last delivery, of 1 MiB, may exceed the limit.
      expect(occupiedBytes(held)).toBeLessThan(
        bound + occupiedBytes({ objects: MIB / 200, bytes: 1.6 * MIB }),
      );
    },
  );

  it('writes at once when the broker is half full, for any bounds', async () => {
    const store = scriptedStore();
    const bounds = { intervalMs: 86_400_000, maxEvents: 100_000, maxBytes: 256 * MIB };
    const { broker, clock } = await start(store, { bounds, capacityBytes: 100_000 });
    const [one] = events(1, { message: 'x'.repeat(49_000) });
    await broker.publish([one as Event]);
    await clock.advance(1_000);
    expect(store.appends).toHaveLength(0);
    await broker.publish(events(10, { message: 'x'.repeat(1_000) }));
    await clock.advance(1);
    expect((await store.status()).events).toBe(11);
    expect(broker.status().pendingEvents).toBe(0);
  });

  it('writes at once when the broker is exactly half full', async () => {
    const store = scriptedStore();
    const broker = createMemoryBroker();
    const { status } = broker;
    let pendingBytes = 49;
    broker.status = () => ({ ...status.call(broker), pendingBytes, capacityBytes: 100 });
    const { clock } = await start(store, { broker });
    await broker.publish([event()]);
    await clock.advance(1_000);
    expect(store.appends).toHaveLength(0);
    pendingBytes = 50;
    await broker.publish([event()]);
    await clock.advance(0);
    expect(store.appends).toHaveLength(1);
  });

  it('stops consuming at exactly maxHeldBytes and continues once events are stored', async () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const store = scriptedStore((_, append) => ended.then(append));
    const size = 64 * 1024 - occupiedBytes({ objects: 1, bytes: 0 });
    const one = event({ id: '0'.repeat(8) });
    const message = one.message + 'x'.repeat(size - encodedSize(one));
    const count = maxHeldBytes(BOUNDS) / (64 * 1024) + 100;
    const broker = Object.assign(createMemoryBroker(), {
      async *consume({ signal }: ConsumeOptions) {
        for (let n = 0; n < count; n += 1)
          yield delivery([{ ...one, id: String(n).padStart(8, '0'), message }]);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const { clock, taken } = await start(store, { broker, bounds: { intervalMs: 1 } });
    await clock.advance(1_000);
    expect(taken().events).toBe(count - 100);
    end();
    await clock.advance(1_000);
    while ((await store.status()).events < count) await clock.advance(1);
    expect(taken().events).toBe(count);
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

  it('stores everything, for any bounds and sizes of events', { timeout: 120_000 }, async () => {
    const upTo = (most: number): fc.Arbitrary<number> =>
      fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: most }), fc.constant(most));
    await fc.assert(
      fc.asyncProperty(
        fc.record({ intervalMs: upTo(86_400_000), maxEvents: upTo(100_000), maxBytes: upTo(256 * MIB) }),
        fc.constantFrom([45_000, 0], [20_000, 1_000], [1_000, 40_000], [650, 60_000]),
        async (bounds, [count = 0, size = 0]) => {
          const store = createMemoryStore();
          const { broker, scheduler } = await start(store, { bounds, capacityBytes: 1_024 * MIB });
          const message = 'x'.repeat(size);
          for (let n = 0; n < count; n += 500) await broker.publish(events(500, { message }));
          const signal = AbortSignal.timeout(20_000);
          expect(await broker.barrier({ signal })).toEqual({ complete: true, pending: 0 });
          expect(scheduler.status().stored).toBe(Math.ceil(count / 500) * 500);
          await scheduler.stop();
        },
      ),
      { numRuns: 12 },
    );
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
