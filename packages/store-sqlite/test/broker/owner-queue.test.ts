import { describe, expect, it } from 'vitest';
import type { Batch, ReadBatches } from '../../src/broker/owner-queue';
import { Lane } from '../../src/broker/owner-queue';
import type { ReadRequest } from '../../src/journal/journal-protocol';
import { sampleEvents } from '../support/sample-events';

const MIB = 1024 * 1024;
const OVERHEAD_BYTES = 1_024;

function batch(number: number, bytes = 100, events = 1): Batch {
  return { number, bytes, events: sampleEvents(events) };
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

async function take(lane: Lane, maxBytes = MIB, read = noRead): Promise<readonly number[]> {
  return (await lane.take(maxBytes, read)).map(({ number }) => number);
}

describe('Lane', () => {
  it('delivers what was added from memory, in order', async () => {
    const lane = new Lane(1);
    for (const number of [1, 2, 3]) lane.add(batch(number));
    expect(await take(lane)).toEqual([1, 2, 3]);
    expect(await take(lane)).toEqual([]);
    expect(lane.end).toBe(3);
  });

  it('stops at the first batch that reaches the number of bytes', async () => {
    const lane = new Lane(1);
    for (const number of [1, 2, 3, 4]) lane.add(batch(number, 100));
    expect(await take(lane, 200)).toEqual([1, 2]);
    expect(await take(lane, 1)).toEqual([3]);
  });

  it('counts what is not acknowledged', () => {
    const lane = new Lane(1);
    lane.add(batch(1, 100, 2));
    lane.add(batch(2, 50, 3));
    expect(lane.pending).toEqual({ events: 5, bytes: 150 });
    lane.removed({ events: 2, bytes: 100 });
    expect(lane.pending).toEqual({ events: 3, bytes: 50 });
  });

  it('keeps as many bytes in memory as allowed', async () => {
    const lane = new Lane(1);
    lane.add(batch(1, 16 * MIB - OVERHEAD_BYTES));
    lane.add(batch(2, 16 * MIB - 2 * OVERHEAD_BYTES, 2));
    expect(await take(lane, 64 * MIB)).toEqual([1, 2]);
  });

  it('reads from the journal what exceeds the memory', async () => {
    const lane = new Lane(7);
    const { requests, read } = createReader(1, 2);
    lane.add(batch(1, 16 * MIB - OVERHEAD_BYTES));
    lane.add(batch(2, 16 * MIB - OVERHEAD_BYTES + 1));
    expect(await take(lane, 300, read)).toEqual([1, 2]);
    expect(requests).toEqual([{ owner: 7, after: 0, through: 2, maxBytes: 300 }]);
    lane.add(batch(3));
    expect(await take(lane)).toEqual([3]);
  });

  it('has room in memory again for what was delivered', async () => {
    const lane = new Lane(1);
    for (const number of [1, 2, 3]) {
      lane.add(batch(number, 32 * MIB - OVERHEAD_BYTES));
      expect(await take(lane, 64 * MIB)).toEqual([number]);
    }
  });

  it('reads what a dead process has left, then continues in memory', async () => {
    const lane = new Lane(3, { owner: 3, events: 5, bytes: 500, last: 9 });
    expect(lane.pending).toEqual({ events: 5, bytes: 500 });
    expect(lane.end).toBe(9);
    const { requests, read } = createReader(4);
    expect(await take(lane, 100, read)).toEqual([4]);
    expect(lane.isDelivered(4)).toBe(true);
    expect(lane.isDelivered(5)).toBe(false);
    expect(await take(lane, 100, createReader().read)).toEqual([]);
    expect(requests).toEqual([{ owner: 3, after: 0, through: 9, maxBytes: 100 }]);
    expect(lane.isDelivered(9)).toBe(true);
    expect(await take(lane)).toEqual([]);
  });

  it('knows what is delivered and acknowledged', async () => {
    const lane = new Lane(1);
    expect(lane.isDelivered(5)).toBe(true);
    for (const number of [1, 2, 3]) lane.add(batch(number));
    expect(lane.isDelivered(1)).toBe(false);
    expect(lane.isAcknowledged(1)).toBe(false);
    await take(lane, 200);
    expect(lane.isDelivered(2)).toBe(true);
    expect(lane.isDelivered(3)).toBe(false);
    lane.acknowledged([1]);
    expect(lane.isAcknowledged(1)).toBe(true);
    expect(lane.isAcknowledged(2)).toBe(false);
    await take(lane);
    lane.acknowledged([2, 3]);
    expect(lane.isAcknowledged(3)).toBe(true);
  });

  it('begins again with the first unacknowledged batch for a new consumer', async () => {
    const lane = new Lane(1);
    for (const number of [1, 2, 3, 4]) lane.add(batch(number));
    await take(lane, 300);
    lane.acknowledged([1]);
    lane.rewind();
    const { requests, read } = createReader(2, 3);
    expect(await take(lane, 500, read)).toEqual([2, 3]);
    expect(requests).toEqual([{ owner: 1, after: 1, through: 4, maxBytes: 500 }]);
  });

  it('continues where it was for a new consumer if everything is acknowledged', async () => {
    const lane = new Lane(1);
    lane.add(batch(1));
    await take(lane);
    lane.acknowledged([1]);
    lane.rewind();
    lane.add(batch(2));
    expect(await take(lane)).toEqual([2]);
  });

  it('drops what was read for an earlier consumer', async () => {
    const lane = new Lane(1, { owner: 1, events: 1, bytes: 100, last: 1 });
    let answer = (_: readonly Batch[]): void => {};
    const taking = lane.take(100, () => new Promise((resolve) => (answer = resolve)));
    lane.rewind();
    answer([batch(1)]);
    expect(await taking).toEqual([]);
    expect(lane.isDelivered(1)).toBe(false);
    expect(await take(lane, 100, createReader(1).read)).toEqual([1]);
  });
});
