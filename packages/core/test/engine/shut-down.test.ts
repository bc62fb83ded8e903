import { describe, expect, it } from 'vitest';
import { createManualClock, sleep } from '../../src/util/clock';
import { createVigilant } from '../../src/engine/engine';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import type { VigilantOptions } from '../../src/engine/options';
import type { Diagnostic } from '../../src/util/diagnostics';
import { scriptedStore, settle, unavailable } from '../support';

/** Creates a store whose first appends fail. */
function failingStore(failures: number) {
  let left = failures;
  return scriptedStore((_, append) => (left-- > 0 ? Promise.reject(unavailable()) : append()));
}

async function logged(count: number, options: VigilantOptions) {
  const clock = createManualClock();
  const vigilant = createVigilant({ batch: { intervalMs: 1 }, clock, ...options });
  await vigilant.logBatch(Array.from({ length: count }, (_, n) => ({ message: `${n}` })));
  return { clock, vigilant };
}

describe('close()', () => {
  it('stores everything within the grace time even if the last write failed', async () => {
    const { clock, vigilant } = await logged(1_000, { store: failingStore(1) });
    await clock.advance(1);
    expect((await vigilant.status()).scheduler).toMatchObject({ state: 'retrying', failedWrites: 1 });
    const closing = vigilant.close();
    await clock.advance(10_000);
    expect(await closing).toEqual({ stored: 1_000, left: 0, lost: 0, rejected: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('retries soon even if the writes have failed for a long time', async () => {
    let isAway = true;
    const store = scriptedStore((_, append) => (isAway ? Promise.reject(unavailable()) : append()));
    const { clock, vigilant } = await logged(10, { store });
    await clock.advance(600_000);
    const closing = vigilant.close();
    await clock.advance(8_000);
    isAway = false;
    await clock.advance(1_000);
    expect(await closing).toEqual({ stored: 10, left: 0, lost: 0, rejected: 0 });
  });

  it('uses no more than the grace time when the store stays down', async () => {
    const { clock, vigilant } = await logged(10, { store: failingStore(Infinity), graceMs: 3_000 });
    await clock.advance(1);
    let isClosed = false;
    const closing = vigilant.close().finally(() => (isClosed = true));
    await clock.advance(2_500);
    expect(isClosed).toBe(false);
    await clock.advance(500);
    expect(isClosed).toBe(true);
    expect(await closing).toEqual({ stored: 0, left: 0, lost: 10, rejected: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts a write that ends just after the grace time as stored, not as lost', async () => {
    const clock = createManualClock();
    const store = scriptedStore(async (_, append) => {
      await sleep(clock, 3_100);
      return append();
    });
    const vigilant = createVigilant({ store, clock, graceMs: 3_000, batch: { intervalMs: 1 } });
    await vigilant.log({ message: 'slow' });
    const closing = vigilant.close();
    await clock.advance(4_000);
    expect(await closing).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
  });

  it.each([
    ['memory', { stored: 1, left: 0, lost: 2, rejected: 0 }],
    ['disk', { stored: 1, left: 2, lost: 0, rejected: 0 }],
  ] as const)(
    'counts each event of a partly stored delivery once, with a broker in %s',
    async (durability, result) => {
      const broker = Object.assign(createMemoryBroker(), { capabilities: { durability, shared: false } });
      const store = scriptedStore((batch, append) =>
        batch[0]?.message === '0' ? append() : Promise.reject(unavailable()),
      );
      const batch = { intervalMs: 1, maxEvents: 1 };
      const { clock, vigilant } = await logged(3, { broker, store, batch, graceMs: 0 });
      await clock.advance(10);
      const closing = vigilant.close();
      await clock.advance(5_000);
      expect(await closing).toEqual(result);
    },
  );

  it.each(['memory', 'disk'] as const)(
    'counts a write that ends while the store closes as stored, with a broker in %s',
    async (durability) => {
      const broker = Object.assign(createMemoryBroker(), { capabilities: { durability, shared: false } });
      const clock = createManualClock();
      const store = scriptedStore(async (_, append) => {
        await sleep(clock, 700);
        return append();
      });
      const { close } = store;
      store.close = async () => {
        await sleep(clock, 400);
        await close.call(store);
      };
      const reported: Diagnostic[] = [];
      const vigilant = createVigilant({
        ...{ store, broker, clock, graceMs: 0, batch: { intervalMs: 1 } },
        onDiagnostic: (diagnostic) => void reported.push(diagnostic),
      });
      await vigilant.log({ message: 'slow' });
      const closing = vigilant.close();
      await clock.advance(5_000);
      expect(await closing).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
      expect(reported).not.toContainEqual(expect.objectContaining({ code: 'events-lost' }));
    },
  );

  it('counts conflicting events without a letter as left', async () => {
    const capabilities = { durability: 'disk', shared: false } as const;
    const broker = Object.assign(createMemoryBroker(), { capabilities });
    const store = scriptedStore();
    const documents = { ...createMemoryDocuments(), write: () => Promise.reject(unavailable()) };
    const clock = createManualClock();
    const vigilant = createVigilant({
      ...{ store, broker, clock, graceMs: 0, batch: { intervalMs: 1 }, deadLetters: { documents } },
    });
    await vigilant.logBatch(['a', 'b', 'c'].map((message) => ({ id: 'same', message })));
    await clock.advance(10);
    const closing = vigilant.close();
    await clock.advance(5_000);
    expect(await closing).toEqual({ stored: 1, left: 2, lost: 0, rejected: 0 });
  });

  it('raises the barrier again when it fails', async () => {
    const broker = createMemoryBroker();
    const { barrier } = broker;
    let failures = 5;
    broker.barrier = (options) =>
      failures-- > 0 ? Promise.reject(unavailable()) : barrier.call(broker, options);
    const { clock, vigilant } = await logged(10, { broker, batch: { intervalMs: 60_000 } });
    const closing = vigilant.close();
    await clock.advance(1_000);
    expect(await closing).toEqual({ stored: 10, left: 0, lost: 0, rejected: 0 });
  });

  it('waits for a store that is not open yet', async () => {
    const store = scriptedStore();
    const { open } = store;
    let isDown = true;
    store.open = (context) => (isDown ? Promise.reject(unavailable()) : open.call(store, context));
    const { clock, vigilant } = await logged(10, { store });
    await clock.advance(600_000);
    const closing = vigilant.close();
    await clock.advance(5_000);
    isDown = false;
    await clock.advance(1_000);
    expect(await closing).toEqual({ stored: 10, left: 0, lost: 0, rejected: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts pending events as lost if the broker reports that it cannot keep them', async () => {
    const broker = createMemoryBroker();
    const durable = { ...broker.capabilities, durability: 'disk' } as const;
    const { status } = broker;
    let isVolatile = false;
    broker.status = () => ({ ...status.call(broker), reason: 'The file was deleted.', isVolatile });
    const reported: Diagnostic[] = [];
    const { clock, vigilant } = await logged(10, {
      broker: Object.assign(broker, { capabilities: durable }),
      store: failingStore(Infinity),
      onDiagnostic: (diagnostic) => void reported.push(diagnostic),
    });
    isVolatile = true;
    const closing = vigilant.close();
    await clock.advance(10_000);
    expect(await closing).toEqual({ stored: 0, left: 0, lost: 10, rejected: 0 });
    expect(reported).toContainEqual(
      expect.objectContaining({
        level: 'error',
        code: 'events-lost',
        message: expect.stringMatching(/^10 event\(s\) .* were lost: .* The file was deleted\.$/) as string,
      }),
    );
  });

  it('does not wait for a store when no events are pending', async () => {
    const store = scriptedStore();
    store.open = () => Promise.reject(unavailable());
    const clock = createManualClock();
    const vigilant = createVigilant({ store, clock });
    await expect(vigilant.open()).rejects.toThrow('the store is away');
    expect(await vigilant.close()).toEqual({ stored: 0, left: 0, lost: 0, rejected: 0 });
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});
