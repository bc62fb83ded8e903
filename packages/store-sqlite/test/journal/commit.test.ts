import { encodeAll, encodeEvent, joinEncoded } from '@vigilant/core/adapter';
import { crc32 } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SqliteConnection } from '../../src/sqlite/driver';
import type { CommitRequest } from '../../src/journal/journal-protocol';
import { packBatches } from '../../src/broker/pack-batches';
import { commit, probe } from '../../src/journal/commit';
import { BODY_VERSION } from '../../src/journal/journal-schema';
import { unpack } from '../../src/thread/packing';
import { addOwner, createTestJournal } from '../support/journal';
import { sampleEvents } from '../support/sample-events';

const EMPTY: CommitRequest = { ...packBatches([]), acks: [], sentAs: [] };
const EVENT = encodeAll(sampleEvents(1));
const BYTES = EVENT.bytes;

function openJournal(capacityBytes = 1_000_000) {
  const connection = createTestJournal().connect();
  const owner = addOwner(connection, 'own');
  let hasPeers = false;
  let asked = 0;
  const context = { owner, capacityBytes, hasPeers: () => ((asked += 1), hasPeers) };
  return {
    connection,
    owner,
    write: (request: Partial<CommitRequest>) => commit(connection, { ...EMPTY, ...request }, context),
    /** Writes batches of one event with these numbers. */
    publish(numbers: readonly number[], sentAs: readonly number[] = []) {
      const packed = packBatches(numbers.map((number) => ({ number, events: EVENT })));
      return commit(connection, { ...EMPTY, ...packed, sentAs }, context);
    },
    setPeers: (value: boolean) => (hasPeers = value),
    asked: () => asked,
  };
}

function rowsOf(connection: SqliteConnection, columns = 'number'): readonly unknown[] {
  const rows = connection.prepare(`SELECT ${columns} FROM batch ORDER BY sequence`).all();
  return columns.includes(',') ? rows : rows.map(([value]) => value);
}

function pendingBytes(connection: SqliteConnection): unknown {
  return connection.prepare('SELECT pending_bytes FROM journal').get()?.[0];
}

describe('commit', () => {
  it('writes each batch with its events, bytes and checksum', () => {
    const { connection, owner, write } = openJournal();
    const events = sampleEvents(3).map(encodeEvent);
    const packed = packBatches([
      { number: 1, events: encodeAll(sampleEvents(2)) },
      { number: 2, events: encodeAll(sampleEvents(3).slice(2)) },
    ]);
    expect(write(packed)).toEqual({ rejected: [], known: [], removed: [] });
    const rows = connection
      .prepare('SELECT owner, number, events, bytes, version, checksum, body FROM batch')
      .all();
    const sizes = events.map(({ byteLength }) => byteLength) as [number, number, number];
    expect(rows.map((row) => row.slice(0, 5))).toEqual([
      [owner, 1, 2, sizes[0] + sizes[1], BODY_VERSION],
      [owner, 2, 1, sizes[2], BODY_VERSION],
    ]);
    for (const row of rows) expect(row[5]).toBe(crc32(row[6] as Uint8Array));
    const bodies = rows.map((row) => unpack(row[6] as Uint8Array).map((event) => Buffer.from(event)));
    expect(bodies).toEqual(
      [events.slice(0, 2), events.slice(2)].map((each) => each.map((event) => Buffer.from(event))),
    );
    expect(pendingBytes(connection)).toBe(sizes[0] + sizes[1] + sizes[2]);
  });

  it('rejects a batch beyond the capacity, and accepts a smaller one after it', () => {
    const { connection, publish, write } = openJournal(2 * BYTES);
    const large = packBatches([{ number: 1, events: joinEncoded([EVENT, EVENT, EVENT]) }]);
    expect(write(large).rejected).toEqual([1]);
    expect(publish([2, 3, 4]).rejected).toEqual([4]);
    expect(rowsOf(connection)).toEqual([2, 3]);
    expect(pendingBytes(connection)).toBe(2 * BYTES);
    expect(publish([5]).rejected).toEqual([5]);
  });

  it('recognises a batch that an earlier thread has written', () => {
    const { connection, owner, publish } = openJournal();
    const earlier = addOwner(connection, 'earlier');
    connection.prepare('UPDATE batch SET owner = ?').run(earlier);
    publish([1]);
    connection.prepare('UPDATE batch SET owner = ?').run(earlier);
    expect(publish([1, 2], [owner + 10, earlier])).toEqual({ rejected: [], known: [1], removed: [] });
    expect(rowsOf(connection, 'owner, number')).toEqual([
      [earlier, 1],
      [owner, 2],
    ]);
    expect(pendingBytes(connection)).toBe(2 * BYTES);
  });

  it('throws if a number is written twice, and writes nothing', () => {
    const { connection, owner, publish } = openJournal();
    publish([1]);
    expect(() => publish([2, 1])).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_INTERNAL',
        message: `Batch 1 of owner ${owner} was written before.`,
      }),
    );
    expect(rowsOf(connection)).toEqual([1]);
  });

  it('throws once another process has taken the owner over', () => {
    const { connection, owner, publish } = openJournal();
    connection.exec('DELETE FROM owner');
    expect(() => publish([1])).toThrow(
      expect.objectContaining({
        name: 'FatalError',
        message: expect.stringContaining(`owner ${owner}`) as string,
      }),
    );
    expect(rowsOf(connection)).toEqual([]);
  });

  it('deletes acknowledged batches of its own while no other process has the journal open', () => {
    const { connection, owner, publish, write } = openJournal();
    publish([1, 2, 3, 4]);
    const { removed } = write({ acks: [{ owner, from: 2, to: 3 }] });
    expect(removed).toEqual([{ owner, events: 2, bytes: 2 * BYTES }]);
    expect(rowsOf(connection)).toEqual([1, 4]);
    expect(pendingBytes(connection)).toBe(2 * BYTES);
  });

  it('keeps acknowledged batches for the watches of other processes, and counts them once', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 5_000 });
    onTestFinished(() => void vi.useRealTimers());
    const { connection, owner, publish, write, setPeers } = openJournal();
    publish([1, 2]);
    setPeers(true);
    const acks = [{ owner, from: 1, to: 1 }];
    expect(write({ acks }).removed).toEqual([{ owner, events: 1, bytes: BYTES }]);
    expect(write({ acks }).removed).toEqual([{ owner, events: 0, bytes: 0 }]);
    expect(rowsOf(connection, 'number, acked_at')).toEqual([
      [1, 5_000],
      [2, null],
    ]);
    expect(pendingBytes(connection)).toBe(BYTES);
  });

  it('keeps acknowledged batches of a process that died', () => {
    const { connection, publish, write } = openJournal();
    publish([1]);
    connection.exec('UPDATE batch SET owner = 99');
    expect(write({ acks: [{ owner: 99, from: 1, to: 1 }] }).removed).toEqual([
      { owner: 99, events: 1, bytes: BYTES },
    ]);
    expect(rowsOf(connection, 'acked_at')).not.toEqual([null]);
  });

  it('checks for other processes once, and only to acknowledge', () => {
    const { owner, publish, write, asked } = openJournal();
    publish([1, 2]);
    expect(asked()).toBe(0);
    write({ acks: [1, 2].map((number) => ({ owner, from: number, to: number })) });
    expect(asked()).toBe(1);
  });

  it('accepts a batch in the space of an acknowledged one', () => {
    const { owner, publish, write } = openJournal(BYTES);
    publish([1]);
    write({ acks: [{ owner, from: 1, to: 1 }] });
    expect(publish([2]).rejected).toEqual([]);
  });

  it('never counts fewer than 0 bytes', () => {
    const { connection, owner, publish, write } = openJournal();
    publish([1]);
    connection.exec('UPDATE journal SET pending_bytes = 1');
    write({ acks: [{ owner, from: 1, to: 1 }] });
    expect(pendingBytes(connection)).toBe(0);
  });
});

describe('probe', () => {
  it('writes to the file, because only that shows whether the disk is full', () => {
    const { connection } = openJournal();
    const frames = () => connection.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.[1];
    const before = frames();
    probe(connection);
    expect(frames()).toBeGreaterThan(Number(before));
  });

  it('throws if the journal cannot be written, and changes nothing', () => {
    const { connection, publish } = openJournal();
    publish([1]);
    probe(connection);
    expect(pendingBytes(connection)).toBe(BYTES);
    connection.exec('PRAGMA query_only = ON');
    expect(() => probe(connection)).toThrow(expect.objectContaining({ code: 'SQLITE_READONLY' }));
  });
});
