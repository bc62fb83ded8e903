import type { EncodedEvents } from '@vigilant/core/adapter';
import { encodeAll, encodeEventJson } from '@vigilant/core/adapter';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBody, toQueuedBatch } from '../../src/broker/read-batch';
import { packBatches } from '../../src/broker/pack-batches';
import { readBatches } from '../../src/journal/read-batches';
import { commit } from '../../src/journal/commit';
import { addOwner, createTestJournal } from '../support/journal';
import { sampleEvents } from '../support/sample-events';

const EVENTS = sampleEvents(5);

/** Opens a journal with a batch for each event. */
function openJournal(count = EVENTS.length) {
  const connection = createTestJournal().connect();
  const owner = addOwner(connection, 'own');
  const encoded = EVENTS.map((event) => encodeAll([event]));
  const batches = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    events: encoded[index % encoded.length] as EncodedEvents,
  }));
  const request = { ...packBatches(batches), acks: [], sentAs: [] };
  commit(connection, request, { owner, capacityBytes: 1e9, hasPeers: () => false });
  const read = (after: number, through: number, maxBytes: number) =>
    readBatches(connection, { owner, after, through, maxBytes });
  return { connection, owner, read, bytes: encoded[0]?.bytes ?? 0 };
}

function numbersOf(batches: ReturnType<typeof readBatches>): readonly number[] {
  return batches.map(({ number }) => number);
}

describe('readBatches', () => {
  it('reads the batches of a range in order', () => {
    const { read, bytes } = openJournal();
    const batches = read(1, 4, 1e6);
    expect(numbersOf(batches)).toEqual([2, 3, 4]);
    expect(batches[0]?.bytes).toBe(bytes);
    expect(batches[0]?.damage).toBeUndefined();
    expect(batches.flatMap(({ body }) => readBody(body).decode())).toEqual(EVENTS.slice(1, 4));
  });

  it('stops at the batch that reaches the number of bytes, and reads at least one', () => {
    const { read, bytes } = openJournal();
    expect(numbersOf(read(0, 5, 2 * bytes))).toEqual([1, 2]);
    expect(numbersOf(read(0, 5, 2 * bytes + 1))).toEqual([1, 2, 3]);
    expect(numbersOf(read(2, 5, 1))).toEqual([3]);
    expect(numbersOf(read(5, 5, 1))).toEqual([]);
  });

  it('reads at most a thousand batches at once', () => {
    const { read } = openJournal(1_001);
    expect(read(0, 1_001, 1e9)).toHaveLength(1_000);
  });

  it('skips acknowledged batches and other owners', () => {
    const { connection, owner, read } = openJournal();
    connection.exec('UPDATE batch SET acked_at = 1 WHERE number = 2');
    connection.exec(`UPDATE batch SET owner = ${owner + 1} WHERE number = 4`);
    expect(numbersOf(read(0, 5, 1e6))).toEqual([1, 3, 5]);
  });

  it.each([
    ['UPDATE batch SET version = 3', 'The batch has version 3, and this program supports up to 2.'],
    ['UPDATE batch SET checksum = checksum + 1', 'The checksum of the batch is wrong: the file is damaged.'],
  ])('returns why a batch cannot be read after %s', (sql, damage) => {
    const { connection, owner, read } = openJournal(1);
    connection.exec(sql);
    const [batch] = read(0, 1, 1e6);
    expect(batch).toMatchObject({ number: 1, damage });
    expect(toQueuedBatch(owner, batch as never)).toMatchObject({
      number: 1,
      events: { count: 0 },
      malformed: {
        position: `journal/${owner}/1`,
        reason: damage,
        bytes: new Uint8Array(batch?.body as ArrayBuffer),
      },
    });
  });
});

describe('bodies of version 1', () => {
  /** Stores a body of version 1 in the place of the only batch. */
  function readVersion1(body: Uint8Array) {
    const { connection, read } = openJournal(1);
    connection.prepare('UPDATE batch SET version = 1, checksum = ?, body = ?').run(crc32(body), body);
    return read(0, 1, 1e6)[0];
  }

  function bodyOf(encoded: readonly Uint8Array[]): Buffer {
    const integers = [encoded.length, ...encoded.map(({ byteLength }) => byteLength)];
    return Buffer.concat([Buffer.from(Uint32Array.from(integers).buffer), ...encoded]);
  }

  it('are read as the events that they contain', () => {
    const batch = readVersion1(bodyOf(EVENTS.map(encodeEventJson)));
    expect(batch?.damage).toBeUndefined();
    expect(readBody(batch?.body as ArrayBuffer).decode()).toEqual(EVENTS);
  });

  it.each([
    ['lengths beyond the end', [5, 0, 0, 0], 'RangeError: The lengths exceed the buffer.'],
    ['an event beyond the end', [1, 0, 0, 0, 9, 0, 0, 0, 1], 'RangeError: An event exceeds the buffer.'],
    ['a damaged event', [...bodyOf([Buffer.from('{"v":1}')])], 'it is not in format version 1 or 2'],
  ])('are damaged with %s', (_, bytes, reason) => {
    const body = Uint8Array.from(bytes);
    const batch = readVersion1(body);
    expect(batch?.damage).toContain(reason);
    expect(new Uint8Array(batch?.body as ArrayBuffer)).toEqual(body);
  });
});

describe('toQueuedBatch', () => {
  it('reports a body that does not hold events', () => {
    const body = new Uint8Array([255, 0, 0, 0, 1, 2]).buffer;
    expect(toQueuedBatch(3, { number: 4, bytes: 255, body })).toMatchObject({
      number: 4,
      bytes: 255,
      events: { count: 0 },
      malformed: {
        bytes: new Uint8Array(body),
        position: 'journal/3/4',
        reason: expect.stringMatching(/An encoded event cannot be read: it is incomplete\.$/) as string,
      },
    });
  });
});
