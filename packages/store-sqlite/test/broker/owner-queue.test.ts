import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import type { QueuedBatch, ReadBatches } from '../../src/broker/owner-queue';
import { OwnerQueue } from '../../src/broker/owner-queue';
import type { ReadRequest } from '../../src/journal/journal-protocol';
import { sampleEvents } from '../support/sample-events';

const MIB = 1024 * 1024;

function batch(number: number, bytes = 100, events = 1): QueuedBatch {
  return { number, bytes, events: encodeAll(sampleEvents(events)) };
}

const noRead: ReadBatches = () => Promise.reject(new Error('reads from the journal'));

/** Reads batches of 100 bytes, and records the requests. */
function createReader(...numbers: readonly number[]) {
  const requests: ReadRequest[] = [];
  const read: ReadBatches = async (request) => {
    requests.push(request);
    return numbers.map((number) => batch(number));
  };
  return { requests, read };
}

async function take(queue: OwnerQueue, maxBytes = MIB, read = noRead): Promise<readonly number[]> {
  return (await queue.take(maxBytes, read)).map(({ number }) => number);
}

describe('OwnerQueue', () => {
  it('delivers added batches from memory, in order', async () => {
    const queue = new OwnerQueue(1);
    for (const number of [1, 2, 3]) queue.add(batch(number));
    expect(await take(queue)).toEqual([1, 2, 3]);
    expect(await take(queue)).toEqual([]);
    expect(queue.end).toBe(3);
  });

  it('stops at the first batch that reaches the number of bytes', async () => {
    const queue = new OwnerQueue(1);
    for (const number of [1, 2, 3, 4]) queue.add(batch(number, 100));
    expect(await take(queue, 200)).toEqual([1, 2]);
    expect(await take(queue, 1)).toEqual([3]);
  });

  it('counts unacknowledged events and bytes', () => {
    const queue = new OwnerQueue(1);
    queue.add(batch(1, 100, 2));
    queue.add(batch(2, 50, 3));
    expect(queue.pending).toEqual({ events: 5, bytes: 150 });
    queue.removed({ events: 2, bytes: 100 });
    expect(queue.pending).toEqual({ events: 3, bytes: 50 });
  });

  it('keeps batches in memory up to the limit', async () => {
    const queue = new OwnerQueue(1);
    queue.add(batch(1, 16 * MIB));
    queue.add(batch(2, 16 * MIB, 2));
    expect(await take(queue, 64 * MIB)).toEqual([1, 2]);
  });

  it('reads batches that exceed the memory from the journal', async () => {
    const queue = new OwnerQueue(7);
    const { requests, read } = createReader(2, 3);
    queue.add(batch(1, 16 * MIB));
    queue.add(batch(2, 16 * MIB + 1));
    queue.add(batch(3));
    expect(await take(queue, 300)).toEqual([1]);
    expect(await take(queue, 300, read)).toEqual([2, 3]);
    expect(requests).toEqual([{ owner: 7, after: 1, through: 3, maxBytes: 300 }]);
    queue.add(batch(4));
    expect(await take(queue)).toEqual([4]);
  });

  it('keeps batches in memory that are added while earlier ones are read from the journal', async () => {
    const queue = new OwnerQueue(7);
    const { read } = createReader(1);
    queue.add(batch(1, 32 * MIB + 1));
    expect(await take(queue, 300, (request) => (queue.add(batch(2)), read(request)))).toEqual([1]);
    expect(await take(queue)).toEqual([2]);
  });

  it('frees the memory of delivered batches', async () => {
    const queue = new OwnerQueue(1);
    for (const number of [1, 2, 3]) {
      queue.add(batch(number, 32 * MIB));
      expect(await take(queue, 64 * MIB)).toEqual([number]);
    }
  });

  it('reads orphaned batches, then continues in memory', async () => {
    const queue = new OwnerQueue(3, { owner: 3, events: 5, bytes: 500, last: 9 });
    expect(queue.pending).toEqual({ events: 5, bytes: 500 });
    expect(queue.end).toBe(9);
    const { requests, read } = createReader(4);
    expect(await take(queue, 100, read)).toEqual([4]);
    expect(queue.isDelivered(4)).toBe(true);
    expect(queue.isDelivered(5)).toBe(false);
    expect(await take(queue, 100, createReader().read)).toEqual([]);
    expect(requests).toEqual([{ owner: 3, after: 0, through: 9, maxBytes: 100 }]);
    expect(queue.isDelivered(9)).toBe(true);
    expect(await take(queue)).toEqual([]);
  });

  it('reports what is delivered and acknowledged', async () => {
    const queue = new OwnerQueue(1);
    expect(queue.isDelivered(5)).toBe(true);
    for (const number of [1, 2, 3]) queue.add(batch(number));
    expect(queue.isDelivered(1)).toBe(false);
    expect(queue.isAcknowledged(1)).toBe(false);
    await take(queue, 200);
    expect(queue.isDelivered(2)).toBe(true);
    expect(queue.isDelivered(3)).toBe(false);
    queue.acknowledged([1]);
    expect(queue.isAcknowledged(1)).toBe(true);
    expect(queue.isAcknowledged(2)).toBe(false);
    await take(queue);
    queue.acknowledged([2, 3]);
    expect(queue.isAcknowledged(3)).toBe(true);
  });

  it('starts again with the first unacknowledged batch for a new consumer', async () => {
    const queue = new OwnerQueue(1);
    for (const number of [1, 2, 3, 4]) queue.add(batch(number));
    await take(queue, 300);
    queue.acknowledged([1]);
    queue.rewind();
    const { requests, read } = createReader(2, 3);
    expect(await take(queue, 500, read)).toEqual([2, 3]);
    expect(requests).toEqual([{ owner: 1, after: 1, through: 4, maxBytes: 500 }]);
  });

  it('continues at its position for a new consumer if everything is acknowledged', async () => {
    const queue = new OwnerQueue(1);
    queue.add(batch(1));
    await take(queue);
    queue.acknowledged([1]);
    queue.rewind();
    queue.add(batch(2));
    expect(await take(queue)).toEqual([2]);
  });

  it('drops batches that were read for an earlier consumer', async () => {
    const queue = new OwnerQueue(1, { owner: 1, events: 1, bytes: 100, last: 1 });
    let answer = (_: readonly QueuedBatch[]): void => {};
    const taking = queue.take(100, () => new Promise((resolve) => (answer = resolve)));
    queue.rewind();
    answer([batch(1)]);
    expect(await taking).toEqual([]);
    expect(queue.isDelivered(1)).toBe(false);
    expect(await take(queue, 100, createReader(1).read)).toEqual([1]);
  });
});
