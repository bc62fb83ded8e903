import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import type { QueuedBatch, ReadBatches } from '../../src/broker/owner-queue';
import { OwnerQueue } from '../../src/broker/owner-queue';
import { OwnerQueues, toRanges } from '../../src/broker/owner-queues';
import { sampleEvents } from '../support/sample-events';

const LEFT = { owner: 1, events: 2, bytes: 200, last: 2 };

function batch(number: number, bytes = 100): QueuedBatch {
  return { number, bytes, events: encodeAll(sampleEvents(1)) };
}

/** Reads both batches that owner 1 has left. */
const readLeft: ReadBatches = async () => [batch(1), batch(2)];

function createQueues() {
  const queues = new OwnerQueues();
  queues.begin({ database: 'x', owner: 5, orphaned: [LEFT], hasPeers: false });
  queues.own.add(batch(1));
  return queues;
}

async function take(queues: OwnerQueues, maxBytes: number) {
  const taken = await queues.take(maxBytes, readLeft);
  return taken.map(({ queue, batch: { number } }) => `${queue.owner}/${number}`);
}

describe('OwnerQueues', () => {
  it('delivers orphaned batches first', async () => {
    const queues = createQueues();
    expect(queues.own.owner).toBe(5);
    expect(queues.pending).toEqual({ events: 3, bytes: 300 });
    expect(await take(queues, 1_000)).toEqual(['1/1', '1/2', '5/1']);
  });

  it('stops at the batch that reaches the number of bytes', async () => {
    const queues = createQueues();
    expect(await take(queues, 200)).toEqual(['1/1', '1/2']);
    expect(await take(queues, 201)).toEqual(['5/1']);
  });

  it('asks each queue only for the bytes that are left', async () => {
    const queues = createQueues();
    const own = [2, 3].map((number) => batch(number));
    for (const each of own) queues.own.add(each);
    expect(await take(queues, 301)).toEqual(['1/1', '1/2', '5/1', '5/2']);
  });

  it('starts again with the content that a new thread reports', () => {
    const queues = createQueues();
    queues.begin({ database: 'x', owner: 6, orphaned: [], hasPeers: false });
    expect(queues.own.owner).toBe(6);
    expect(queues.pending).toEqual({ events: 0, bytes: 0 });
  });

  it('drops the queue of a dead process once it is empty, never its own', async () => {
    const queues = createQueues();
    await take(queues, 1_000);
    expect(queues.removed([{ owner: 1, events: 1, bytes: 100 }])).toEqual([]);
    expect(queues.removed([{ owner: 9, events: 1, bytes: 100 }])).toEqual([]);
    expect(queues.pending).toEqual({ events: 2, bytes: 200 });
    const removed = [1, 5].map((owner) => ({ owner, events: 1, bytes: 100 }));
    expect(queues.removed(removed)).toEqual([1]);
    expect(queues.pending).toEqual({ events: 0, bytes: 0 });
    expect([...queues.positions().keys()].map(({ owner }) => owner)).toEqual([5]);
  });

  it('reports positions as reached once every queue has reached them', async () => {
    const queues = createQueues();
    const positions = queues.positions();
    expect([...positions.values()]).toEqual([2, 1]);
    queues.own.add(batch(2));
    await take(queues, 200);
    expect(queues.isDelivered(positions)).toBe(false);
    await take(queues, 1);
    expect(queues.isDelivered(positions)).toBe(true);
    expect(queues.isAcknowledged(positions)).toBe(false);
    for (const queue of positions.keys()) queue.acknowledged([1, 2]);
    expect(queues.isAcknowledged(positions)).toBe(true);
  });

  it('includes batches that were taken over later, but not those published after a restart', async () => {
    const queues = new OwnerQueues();
    queues.begin({ database: 'x', owner: 5, orphaned: [], hasPeers: false });
    const positions = queues.positions();
    queues.adopt([LEFT]);
    expect(queues.isAcknowledged(positions)).toBe(false);
    await take(queues, 1_000);
    expect(queues.isAcknowledged(positions)).toBe(false);
    for (const queue of queues.positions().keys()) queue.acknowledged([1, 2]);
    expect(queues.isAcknowledged(positions)).toBe(true);
    queues.begin({ database: 'x', owner: 6, orphaned: [], hasPeers: false });
    queues.own.add(batch(1));
    expect(queues.isAcknowledged(positions)).toBe(true);
  });

  it('starts every queue again for a new consumer', async () => {
    const queues = createQueues();
    await take(queues, 1_000);
    queues.rewind();
    expect(queues.isDelivered(queues.positions())).toBe(false);
    expect(await take(queues, 200)).toEqual(['1/1', '1/2']);
  });
});

describe('toRanges', () => {
  it('joins consecutive numbers of one owner', () => {
    const [one, two] = [new OwnerQueue(1), new OwnerQueue(2)];
    const taken = [
      ...[1, 2, 4].map((number) => ({ queue: one, batch: batch(number) })),
      ...[5, 6].map((number) => ({ queue: two, batch: batch(number) })),
      { queue: one, batch: batch(7) },
    ];
    expect(toRanges(taken)).toEqual([
      { owner: 1, from: 1, to: 2 },
      { owner: 1, from: 4, to: 4 },
      { owner: 2, from: 5, to: 6 },
      { owner: 1, from: 7, to: 7 },
    ]);
    expect(toRanges([])).toEqual([]);
  });
});
