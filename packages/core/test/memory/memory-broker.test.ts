import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { AdapterContext } from '../../src/contracts/context';
import type { Delivery } from '../../src/contracts/broker';
import { encodedSize } from '../../src/event/codec';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { event, events, settle } from '../support';

async function setUp(maxBytes?: number) {
  const clock = createManualClock(1_000);
  const broker = createMemoryBroker(maxBytes === undefined ? {} : { maxBytes });
  await broker.open({ clock } as unknown as AdapterContext);
  const consume = (size?: number): AsyncIterator<Delivery> => {
    const { signal } = new AbortController();
    const deliveries = broker.consume(size === undefined ? { signal } : { signal, maxBytes: size });
    return deliveries[Symbol.asyncIterator]();
  };
  return { broker, clock, consume };
}

describe('MemoryBroker', () => {
  it('accepts events up to exactly its capacity and returns a pause', async () => {
    const batch = events(3);
    const bytes = batch.reduce((sum, each) => sum + encodedSize(each), 0);
    const { broker } = await setUp(bytes);
    await broker.publish(batch);
    await expect(broker.publish([event()])).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_FULL',
      retryAfterMs: 1_000,
    });
    expect(broker.status()).toMatchObject({ pendingEvents: 3, pendingBytes: bytes, capacityBytes: bytes });
  });

  it.each([
    [undefined, 'context must be an AdapterContext, not undefined.'],
    [5, 'context must be an AdapterContext, not 5.'],
    [{}, 'context.clock must be a Clock, not undefined.'],
    [{ clock: {} }, 'context.clock must be a Clock but lacks the method now().'],
  ])('rejects open() with the context %j', async (context, message) => {
    const broker = createMemoryBroker();
    const error = { code: 'VIGILANT_OPTIONS_INVALID', message };
    await expect(broker.open(context as never)).rejects.toMatchObject(error);
    expect(broker.status().state).toBe('closed');
  });

  it('holds 64 MiB by default', async () => {
    const { broker } = await setUp();
    expect(broker.status()).toMatchObject({
      capacityBytes: 64 * 1024 * 1024,
      pendingEvents: 0,
      pendingBytes: 0,
    });
  });

  it('reports its progress and its pending events', async () => {
    const { broker, clock, consume } = await setUp();
    expect(broker.status().lastProgressAt).toBeUndefined();
    await broker.publish(events(2));
    await broker.publish(events(3));
    expect(broker.status()).toMatchObject({ pendingEvents: 5, lastProgressAt: 1_000 });
    const { value } = await consume(1).next();
    clock.setNow(2_000);
    await (value as Delivery).ack();
    expect(broker.status()).toMatchObject({ pendingEvents: 3, lastProgressAt: 2_000 });
  });

  it('returns deliveries of about the requested size', async () => {
    const { broker, consume } = await setUp();
    const batches = ['1', '2', '3', '4'].map((n) => [event({ id: `same-size-${n}` })]);
    for (const batch of batches) await broker.publish(batch);
    const size = encodedSize(batches[0]?.[0] as never);
    const lengths: number[] = [];
    for (const maxBytes of [size, size + 1, undefined])
      lengths.push(((await consume(maxBytes).next()).value as Delivery).events.length);
    expect(lengths).toEqual([1, 2, 4]);
  });

  it('ends a waiting consumer when another one starts', async () => {
    const { consume } = await setUp();
    const waiting = consume().next();
    await settle();
    void consume().next();
    expect((await waiting).done).toBe(true);
  });

  it('returns deliveries of 1 MiB by default', async () => {
    const { broker, consume } = await setUp();
    for (let n = 0; n < 4; n += 1) await broker.publish([event({ message: 'x'.repeat(400 * 1024) })]);
    expect(((await consume().next()).value as Delivery).events).toHaveLength(3);
  });

  it('asks a consumer to flush once per barrier, after the events before the barrier', async () => {
    const { broker, consume } = await setUp();
    const [first, second] = [events(1), events(1)];
    await broker.publish(first);
    await broker.publish(second);
    const stop = new AbortController();
    const barrier = broker.barrier({ signal: stop.signal });
    const deliveries = consume(1);
    const taken = [(await deliveries.next()).value, (await deliveries.next()).value] as Delivery[];
    expect(taken.map(({ flush }) => flush)).toEqual([false, true]);
    const next = deliveries.next();
    await broker.publish(events(1));
    expect(((await next).value as Delivery).flush).toBe(false);
    await taken[0]?.ack();
    stop.abort();
    expect(await barrier).toEqual({ complete: false, pending: 1 });
  });

  it('resolves a barrier that is already reached at once, even if its signal is aborted', async () => {
    const { broker } = await setUp();
    expect(await broker.barrier({ signal: AbortSignal.abort() })).toEqual({ complete: true, pending: 0 });
  });

  it('ends consumers, watches and barriers when it closes', async () => {
    const { broker, consume } = await setUp();
    const { signal } = new AbortController();
    const watch = (await broker.watch({ signal }))[Symbol.asyncIterator]();
    const deliveries = consume();
    const next = deliveries.next();
    await settle();
    await broker.publish(events(2));
    await next;
    const ends = [deliveries.next(), broker.barrier({ signal })];
    await settle();
    await broker.close();
    expect(broker.status().state).toBe('closed');
    expect((await Promise.all(ends)).slice(-1)).toEqual([{ complete: false, pending: 2 }]);
    await watch.next();
    expect((await watch.next()).done).toBe(true);
  });
});
