import { afterEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../src/contracts/documents';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { event, events, rejected, scriptedStore, settle, unavailable } from '../support';
import { start, stopScheduler } from './scheduler-support';

afterEach(stopScheduler);

describe('Scheduler', () => {
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
});
