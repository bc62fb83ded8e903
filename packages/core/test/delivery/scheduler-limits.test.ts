import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConsumeOptions } from '../../src/contracts/broker';
import { maxHeldBytes, occupiedBytes } from '../../src/delivery/batch-buffer';
import { encodedSize } from '../../src/event/codec';
import type { Event } from '../../src/event/event';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryStore } from '../../src/memory/memory-store';
import { delivery, event, events, scriptedStore } from '../support';
import { BOUNDS, MIB, start, stopScheduler } from './scheduler-support';

afterEach(stopScheduler);

describe('Scheduler', () => {
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
});
