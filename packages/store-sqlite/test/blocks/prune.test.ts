import type { Event } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { totalSize } from '../../src/rows/row';

import { encodeAll, readColumns } from '@vigilant/core/adapter';
import { scalar } from '../../src/sqlite/transaction';
import type { BlockStore } from '../support/block-store';
import { createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const NOW = 1_700_000_000_000;

/** Stores 50 events in three blocks and two rows, of changing sizes and levels. */
function storeEvents(): { store: BlockStore; events: readonly Event[] } {
  const store = createBlockStore();
  const events = sampleEvents(50).map((event, index) => ({
    ...event,
    level: LEVELS[index % 4] as Event['level'],
    message: 'm'.repeat(index),
  }));
  store.append(events.slice(0, 48));
  store.append(events.slice(48));
  return { store, events };
}

const sizeOf = (events: readonly Event[]): number => {
  const columns = readColumns(Buffer.concat(encodeAll(events).parts));
  return totalSize({ ...columns, sequence: new Float64Array(events.length) });
};

/** Returns the size that the store has counted. */
const countedBytes = (store: BlockStore): number => scalar(store.connection, 'SELECT event_bytes FROM store');

async function expectLeft(store: BlockStore, left: readonly Event[]): Promise<void> {
  expect(await store.ids()).toEqual(left.map(({ id }) => id));
  expect(await store.ids({ order: 'newest', limit: 7 })).toEqual(left.map(({ id }) => id).reverse());
  expect(scalar(store.connection, 'SELECT events FROM store')).toBe(left.length);
  expect(countedBytes(store)).toBe(sizeOf(left));
}

describe('prune of blocks', () => {
  it.each([0, 1, 15, 16, 17, 40, 48, 49, 50])('deletes exactly the %d oldest events', async (deleted) => {
    const { store, events } = storeEvents();
    expect(await store.prune({ maxEvents: 50 - deleted })).toEqual({ deleted, complete: true });
    await expectLeft(store, events.slice(deleted));
    expect(scalar(store.connection, 'SELECT pruned_through FROM store')).toBe(deleted);
  });

  it.each([1, 16, 20, 47, 49])('deletes until the bytes of %d events fewer are left', async (deleted) => {
    const { store, events } = storeEvents();
    expect(countedBytes(store)).toBe(sizeOf(events));
    const left = events.slice(deleted);
    await store.prune({ maxBytes: sizeOf(left) });
    await expectLeft(store, left);
    // One byte less is one event more.
    await store.prune({ maxBytes: sizeOf(left) - 1 });
    await expectLeft(store, left.slice(1));
  });

  it('deletes the expired events of one level in all blocks', async () => {
    const { store, events } = storeEvents();
    const expiry = { DEBUG: NOW + 45, WARN: NOW + 20 };
    const isLeft = ({ level, receivedAt }: Event): boolean =>
      receivedAt >= (level === 'DEBUG' ? expiry.DEBUG : level === 'WARN' ? expiry.WARN : -Infinity);
    await store.prune({ receivedBeforeByLevel: expiry });
    await expectLeft(store, events.filter(isLeft));
  });

  it('applies all limits together', async () => {
    const { store, events } = storeEvents();
    const isLeft = ({ level, receivedAt }: Event): boolean =>
      receivedAt >= (level === 'ERROR' ? NOW + 40 : NOW + 18);
    const policy = {
      receivedBefore: NOW + 18,
      receivedBeforeByLevel: { ERROR: NOW + 40 },
      maxBytes: sizeOf(events.slice(3)),
      maxEvents: 45,
    };
    await store.prune(policy);
    await expectLeft(store, events.filter(isLeft));
    await store.prune({ ...policy, maxEvents: 7 });
    await expectLeft(store, events.filter(isLeft).slice(-7));
  });

  it('prunes the same block again and again', async () => {
    const { store, events } = storeEvents();
    for (let left = 49; left >= 0; left -= 3) {
      await store.prune({ maxEvents: left });
      await expectLeft(store, events.slice(50 - left));
    }
  });

  it('leaves no parts of deleted blocks', async () => {
    const { store } = storeEvents();
    await store.prune({ maxEvents: 0 });
    expect([store.count('block'), store.count('part'), store.count('event')]).toEqual([0, 0, 0]);
    await store.maintain();
  });

  it('leaves no ids of deleted blocks, and keeps those of the other blocks', async () => {
    const store = createBlockStore();
    const events = sampleEvents(48).map((event, index) => ({ ...event, id: `text-${index}` }));
    for (let start = 0; start < 48; start += 16) store.append(events.slice(start, start + 16));
    await store.prune({ maxEvents: 16 });
    expect([store.count('id_run'), store.count('id_part')]).toEqual([1, 1]);
    expect(store.append(events.slice(32))).toMatchObject({ duplicates: 16 });
    await store.prune({ maxEvents: 0 });
    expect([store.count('id_run'), store.count('id_part')]).toEqual([0, 0]);
  });

  it('deletes rows that are being sealed', async () => {
    const store = createBlockStore();
    const events = sampleEvents(40);
    store.appendRows(events);
    const sealing = store.seal();
    await store.prune({ maxEvents: 30 });
    await sealing;
    await expectLeft(store, events.slice(10));
    await store.seal();
    await expectLeft(store, events.slice(10));
    expect(store.count('event')).toBe(0);
  });

  it('is exact while another connection seals and appends', async () => {
    const store = createBlockStore();
    const other = store.another();
    const events = sampleEvents(60);
    store.appendRows(events.slice(0, 40));
    const sealing = other.seal();
    const pruning = store.prune({ maxEvents: 20 });
    other.append(events.slice(40));
    await Promise.all([sealing, pruning]);
    await store.prune({ maxEvents: 20 });
    await expectLeft(store, events.slice(40));
    await expectLeft(other, events.slice(40));
  });

  it('opens one block in a transaction', async () => {
    const store = createBlockStore();
    // Each block has an old event of a level that is kept, so that only its rows show that nothing has expired.
    const events = sampleEvents(64).map((event, index): Event =>
      index % 16 === 0 ? { ...event, level: 'ERROR', receivedAt: 0 } : event,
    );
    store.append(events);
    const transactions = countTransactions(store);
    await store.prune({ receivedBefore: NOW, receivedBeforeByLevel: { ERROR: 0 } });
    expect(transactions()).toBeGreaterThanOrEqual(4);
    await expectLeft(store, events);
  });
});

/** Counts the transactions from now on. */
function countTransactions({ connection }: BlockStore): () => number {
  let count = 0;
  const { exec } = connection;
  connection.exec = (sql) => {
    if (sql.startsWith('BEGIN')) count += 1;
    exec.call(connection, sql);
  };
  return () => count;
}
