import { describe, expect, it } from 'vitest';
import type { Batch, ReadBatches } from '../../src/broker/owner-queue';
import { Lane } from '../../src/broker/owner-queue';
import { Lanes, toRanges } from '../../src/broker/owner-queues';
import { sampleEvents } from '../support/sample-events';

const LEFT = { owner: 1, events: 2, bytes: 200, last: 2 };

function batch(number: number, bytes = 100): Batch {
  return { number, bytes, events: sampleEvents(1) };
}

/** Reads both batches that owner 1 has left. */
const readLeft: ReadBatches = async () => [batch(1), batch(2)];

function createLanes() {
  const lanes = new Lanes();
  lanes.begin({ database: 'x', owner: 5, estates: [LEFT], hasPeers: false });
  lanes.own.add(batch(1));
  return lanes;
}

async function take(lanes: Lanes, maxBytes: number) {
  const taken = await lanes.take(maxBytes, readLeft);
  return taken.map(({ lane, batch: { number } }) => `${lane.owner}/${number}`);
}

describe('Lanes', () => {
  it('delivers what a dead process has left first', async () => {
    const lanes = createLanes();
    expect(lanes.own.owner).toBe(5);
    expect(lanes.pending).toEqual({ events: 3, bytes: 300 });
    expect(await take(lanes, 1_000)).toEqual(['1/1', '1/2', '5/1']);
  });

  it('stops once it has the number of bytes', async () => {
    const lanes = createLanes();
    expect(await take(lanes, 200)).toEqual(['1/1', '1/2']);
    expect(await take(lanes, 201)).toEqual(['5/1']);
  });

  it('asks each lane only for the bytes that are left', async () => {
    const lanes = createLanes();
    const own = [2, 3].map((number) => batch(number));
    for (const each of own) lanes.own.add(each);
    expect(await take(lanes, 301)).toEqual(['1/1', '1/2', '5/1', '5/2']);
  });

  it('starts again with what a new thread reports', () => {
    const lanes = createLanes();
    lanes.begin({ database: 'x', owner: 6, estates: [], hasPeers: false });
    expect(lanes.own.owner).toBe(6);
    expect(lanes.pending).toEqual({ events: 0, bytes: 0 });
  });

  it('drops the lane of a dead process once nothing is left, never its own', async () => {
    const lanes = createLanes();
    await take(lanes, 1_000);
    expect(lanes.removed([{ owner: 1, events: 1, bytes: 100 }])).toEqual([]);
    expect(lanes.removed([{ owner: 9, events: 1, bytes: 100 }])).toEqual([]);
    expect(lanes.pending).toEqual({ events: 2, bytes: 200 });
    const removed = [1, 5].map((owner) => ({ owner, events: 1, bytes: 100 }));
    expect(lanes.removed(removed)).toEqual([1]);
    expect(lanes.pending).toEqual({ events: 0, bytes: 0 });
    expect([...lanes.marks().keys()].map(({ owner }) => owner)).toEqual([5]);
  });

  it('has reached marks once every lane has', async () => {
    const lanes = createLanes();
    const marks = lanes.marks();
    expect([...marks.values()]).toEqual([2, 1]);
    lanes.own.add(batch(2));
    await take(lanes, 200);
    expect(lanes.isDelivered(marks)).toBe(false);
    await take(lanes, 1);
    expect(lanes.isDelivered(marks)).toBe(true);
    expect(lanes.isAcknowledged(marks)).toBe(false);
    for (const lane of marks.keys()) lane.acknowledged([1, 2]);
    expect(lanes.isAcknowledged(marks)).toBe(true);
  });

  it('includes what was taken over after the marks, but not what was published after a restart', async () => {
    const lanes = new Lanes();
    lanes.begin({ database: 'x', owner: 5, estates: [], hasPeers: false });
    const marks = lanes.marks();
    lanes.adopt([LEFT]);
    expect(lanes.isAcknowledged(marks)).toBe(false);
    await take(lanes, 1_000);
    expect(lanes.isAcknowledged(marks)).toBe(false);
    for (const lane of lanes.marks().keys()) lane.acknowledged([1, 2]);
    expect(lanes.isAcknowledged(marks)).toBe(true);
    lanes.begin({ database: 'x', owner: 6, estates: [], hasPeers: false });
    lanes.own.add(batch(1));
    expect(lanes.isAcknowledged(marks)).toBe(true);
  });

  it('begins every lane again for a new consumer', async () => {
    const lanes = createLanes();
    await take(lanes, 1_000);
    lanes.rewind();
    expect(lanes.isDelivered(lanes.marks())).toBe(false);
    expect(await take(lanes, 200)).toEqual(['1/1', '1/2']);
  });
});

describe('toRanges', () => {
  it('joins consecutive numbers of one owner', () => {
    const [one, two] = [new Lane(1), new Lane(2)];
    const taken = [
      ...[1, 2, 4].map((number) => ({ lane: one, batch: batch(number) })),
      ...[5, 6].map((number) => ({ lane: two, batch: batch(number) })),
      { lane: one, batch: batch(7) },
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
