import type { Delivery } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import { Deliveries } from '../../src/broker/deliveries';
import type { QueuedBatch, ReadBatches } from '../../src/broker/owner-queue';
import type { TakenBatch } from '../../src/broker/owner-queues';
import { OwnerQueues } from '../../src/broker/owner-queues';
import { sampleEvents } from '../support/sample-events';

function createDeliveries() {
  const queues = new OwnerQueues();
  const acknowledged: number[][] = [];
  const reads: ReadBatches = async ({ after, through, maxBytes }) => {
    const numbers = Array.from({ length: through - after }, (_, index) => after + index + 1);
    return numbers.slice(0, Math.ceil(maxBytes / 100)).map(batch);
  };
  const state = { isOpen: true, read: reads };
  const deliveries = new Deliveries({
    queues,
    read: (request) => state.read(request),
    acknowledge: async (taken: readonly TakenBatch[]) => {
      acknowledged.push(taken.map(({ batch: { number } }) => number));
    },
    isOpen: () => state.isOpen,
  });
  const publish = (number: number): void => {
    queues.own.add(batch(number));
    deliveries.wake();
  };
  const consume = (maxBytes?: number) => {
    const ending = new AbortController();
    const options = { signal: ending.signal, ...(maxBytes === undefined ? {} : { maxBytes }) };
    return { ending, iterator: deliveries.consume(options) };
  };
  return { queues, deliveries, acknowledged, state, publish, consume };
}

function batch(number: number): QueuedBatch {
  return { number, bytes: 100, events: encodeAll(sampleEvents(1, { id: `e${number}` })) };
}

/** Reads the next delivery. */
async function next(iterator: AsyncGenerator<Delivery>): Promise<Delivery> {
  const { value } = await iterator.next();
  return value as Delivery;
}

function idsOf({ events }: Delivery): readonly string[] {
  return events.map(({ id }) => id);
}

describe('Deliveries', () => {
  it('delivers published events, also while it waits', async () => {
    const { publish, consume } = createDeliveries();
    const { iterator } = consume();
    const waiting = next(iterator);
    publish(1);
    expect(idsOf(await waiting)).toEqual(['e1']);
    publish(2);
    publish(3);
    expect(await next(iterator)).toMatchObject({ flush: false, malformed: [], events: [{}, {}] });
  });

  it('ends a delivery with the batch that reaches maxBytes', async () => {
    const { publish, consume } = createDeliveries();
    for (const number of [1, 2, 3]) publish(number);
    const { iterator } = consume(150);
    expect(idsOf(await next(iterator))).toEqual(['e1', 'e2']);
    expect(idsOf(await next(iterator))).toEqual(['e3']);
  });

  it('acknowledges a delivery once', async () => {
    const { publish, consume, acknowledged } = createDeliveries();
    const { iterator } = consume();
    publish(1);
    const delivery = await next(iterator);
    await Promise.all([delivery.ack(), delivery.ack()]);
    await delivery.ack();
    expect(acknowledged).toEqual([[1]]);
  });

  it('acknowledges nothing for a flush without events', async () => {
    const { deliveries, consume, acknowledged } = createDeliveries();
    const { iterator } = consume();
    deliveries.raiseFlush();
    const delivery = await next(iterator);
    expect(delivery).toMatchObject({ events: [], flush: true });
    await delivery.ack();
    expect(acknowledged).toEqual([]);
  });

  it('flushes once, with the delivery that reaches the positions', async () => {
    const { deliveries, publish, consume } = createDeliveries();
    for (const number of [1, 2, 3, 4]) publish(number);
    deliveries.raiseFlush();
    const { iterator } = consume(150);
    expect((await next(iterator)).flush).toBe(false);
    expect((await next(iterator)).flush).toBe(true);
    publish(5);
    expect((await next(iterator)).flush).toBe(false);
  });

  it('flushes at earlier positions', async () => {
    const { queues, deliveries, publish, consume } = createDeliveries();
    publish(1);
    const positions = queues.positions();
    publish(2);
    const { iterator } = consume(50);
    deliveries.raiseFlush(positions);
    expect(await next(iterator)).toMatchObject({ flush: true, events: [{ id: 'e1' }] });
  });

  it('ends at its signal', async () => {
    const { consume } = createDeliveries();
    const { ending, iterator } = consume();
    const waiting = iterator.next();
    ending.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('ends an earlier consumer, whose deliveries are superseded, and delivers them again', async () => {
    const { publish, consume, acknowledged } = createDeliveries();
    publish(1);
    const first = consume();
    const delivery = await next(first.iterator);
    const waiting = first.iterator.next();
    const second = consume();
    const again = await next(second.iterator);
    expect(delivery.signal.aborted).toBe(true);
    expect(again.signal.aborted).toBe(false);
    expect(idsOf(again)).toEqual(['e1']);
    expect((await waiting).done).toBe(true);
    await delivery.ack();
    expect(acknowledged).toEqual([]);
    await again.ack();
    expect(acknowledged).toEqual([[1]]);
  });

  it('ends the deliveries of a consumer that leaves its loop', async () => {
    const { publish, consume } = createDeliveries();
    publish(1);
    const { iterator } = consume();
    const delivery = await next(iterator);
    await iterator.return(undefined);
    expect(delivery.signal.aborted).toBe(true);
  });

  it('continues with the same consumer after the journal was read again', async () => {
    const { queues, deliveries, publish, consume } = createDeliveries();
    publish(1);
    const { iterator } = consume();
    const delivery = await next(iterator);
    const waiting = next(iterator);
    queues.begin({
      database: 'x',
      owner: 2,
      orphaned: [{ owner: 1, events: 1, bytes: 100, last: 1 }],
      hasPeers: false,
    });
    deliveries.restart(false);
    const again = await waiting;
    expect(delivery.signal.aborted).toBe(true);
    expect(again.signal.aborted).toBe(false);
    expect(again).toMatchObject({ events: [{ id: 'e1' }], flush: false });
  });

  it.each([
    ['barriers wait', true, false],
    ['a flush was pending', false, true],
  ])('flushes after the journal was read again if %s', async (_, hasBarriers, isPending) => {
    const { queues, deliveries, publish, consume } = createDeliveries();
    publish(1);
    const { iterator } = consume();
    await next(iterator);
    // Positions that are reached only later.
    publish(2);
    if (isPending) deliveries.raiseFlush();
    queues.begin({ database: 'x', owner: 2, orphaned: [], hasPeers: false });
    deliveries.restart(hasBarriers);
    expect(await next(iterator)).toMatchObject({ events: [], flush: true });
  });

  it('rejects when the journal cannot be read, unless the broker was closed', async () => {
    const { queues, state, consume } = createDeliveries();
    queues.adopt([{ owner: 1, events: 1, bytes: 100, last: 1 }]);
    state.read = () => Promise.reject(new Error('damaged'));
    await expect(consume().iterator.next()).rejects.toThrow('damaged');
    state.read = () => {
      state.isOpen = false;
      return Promise.reject(new Error('closed'));
    };
    expect((await consume().iterator.next()).done).toBe(true);
  });

  it('ends without a delivery when it is closed during a read', async () => {
    const { queues, state, consume } = createDeliveries();
    queues.adopt([{ owner: 1, events: 1, bytes: 100, last: 1 }]);
    state.read = async () => {
      state.isOpen = false;
      return [batch(1)];
    };
    expect((await consume().iterator.next()).done).toBe(true);
  });

  it('reports batches that cannot be read', async () => {
    const { queues, state, consume } = createDeliveries();
    queues.adopt([{ owner: 1, events: 1, bytes: 100, last: 1 }]);
    const malformed = { bytes: new Uint8Array(1), position: 'p', reason: 'r' };
    state.read = async () => [{ number: 1, bytes: 100, events: encodeAll([]), malformed }];
    expect(await next(consume().iterator)).toMatchObject({ events: [], malformed: [malformed] });
  });
});
