import { randomBytes } from 'node:crypto';
import { cpSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTestContext } from '@vigilant/conformance';
import type { Clock, Event, Store } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteStore } from '../../src/index';
import { EVENT_BYTES } from '../../src/rows/row';
import { scalar } from '../../src/sqlite/transaction';
import { prune } from '../../src/retention/prune';
import { createFolder } from '../support/folder';
import { sampleEvents } from '../support/sample-events';
import { countTurns, openStoreDatabase } from '../support/store';

const RUNNING = { isCancelled: () => false };

function temporaryPath(): string {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder.file('events.db');
}

async function openStore(path: string): Promise<Store> {
  const store = createSqliteStore(path);
  await store.open(createTestContext());
  onTestFinished(() => store.close());
  return store;
}

/** Returns the size that the store has counted, and the size of its rows and blocks. */
function bytesOf(path: string): { readonly counted: number; readonly actual: number } {
  const database = new Database(path, { readonly: true });
  const counted = database.prepare('SELECT event_bytes FROM store').pluck().get() as number;
  const actual = database
    .prepare(
      `SELECT total(bytes) FROM (SELECT ${EVENT_BYTES} AS bytes FROM event UNION ALL SELECT event_bytes FROM block)`,
    )
    .pluck()
    .get() as number;
  database.close();
  return { counted, actual };
}

describe('SqliteStore.prune', () => {
  it('terminates on a file without auto_vacuum', async () => {
    const path = temporaryPath();
    const created = await openStore(path);
    await created.append(sampleEvents(2_000, { data: { text: 'z'.repeat(500) } }));
    await created.close();
    const database = new Database(path);
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM');
    database.close();
    const store = await openStore(path);
    expect(await store.prune?.({ maxEvents: 100 })).toEqual({ deleted: 1_900, complete: true });
  });

  it('deletes large events in several steps', async () => {
    const store = await openStore(temporaryPath());
    const data = { text: 'z'.repeat(200_000) };
    for (let start = 0; start < 200; start += 50)
      await store.append(sampleEvents(200, { data }).slice(start, start + 50));
    expect(await store.prune?.({ maxEvents: 10 })).toEqual({ deleted: 190, complete: true });
    expect(await store.status()).toMatchObject({ events: 10, prunedThrough: 190 });
  });

  it('runs other calls of the thread between the steps', async () => {
    const connection = openStoreDatabase(sampleEvents(10_000));
    const turns = await countTurns(() => prune(connection, { maxEvents: 0 }, RUNNING));
    // Five steps of 2,000 events.
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('pauses after each step for as long as the step took, at most 250 ms', async () => {
    const connection = openStoreDatabase(sampleEvents(6_000));
    const pauses: number[] = [];
    // The first step takes 150 ms, each further one 200 ms more.
    let calls = 0;
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 50 * (++calls) ** 2,
      after(delayMs, callback) {
        pauses.push(delayMs);
        setImmediate(callback);
        return { cancel: () => {} };
      },
    };
    await prune(connection, { maxEvents: 0 }, RUNNING, clock);
    expect(pauses).toEqual([150, 250]);
  });

  it('runs other calls of the thread between the steps in which it returns pages', async () => {
    const connection = openStoreDatabase(sampleEvents(100, { data: { text: 'z'.repeat(200_000) } }));
    connection.exec('DELETE FROM event');
    const freePages = scalar(connection, 'PRAGMA freelist_count');
    const turns = await countTurns(() => prune(connection, { maxEvents: 0 }, RUNNING));
    expect(turns).toBeGreaterThanOrEqual(freePages / 1_000 - 2);
    expect(scalar(connection, 'PRAGMA freelist_count')).toBe(0);
  });

  it('returns all free pages to the file system', async () => {
    const path = temporaryPath();
    const store = await openStore(path);
    const data = { text: 'z'.repeat(200_000) };
    await store.append(sampleEvents(100, { data }));
    await store.prune?.({ maxEvents: 10 });
    const database = new Database(path, { readonly: true });
    expect(database.pragma('freelist_count', { simple: true })).toBe(0);
    database.close();
  });

  it('reduces the size of the file', async () => {
    const path = temporaryPath();
    const store = await openStore(path);
    // Blocks do not compress these texts.
    const withText = (event: Event): Event => ({ ...event, message: randomBytes(500).toString('base64') });
    await store.append(sampleEvents(5_000).map(withText));
    await store.prune?.({ maxEvents: 5_000 });
    const before = statSync(path).size;
    await store.prune?.({ maxEvents: 100 });
    expect(statSync(path).size).toBeLessThan(before / 5);
  });

  it('counts the bytes of its events correctly after appends, duplicates and pruning', async () => {
    const path = temporaryPath();
    const store = await openStore(path);
    const events = sampleEvents(5_000, { message: 'grüße', tags: ['a', 'b'] });
    await store.append(events.slice(0, 3_000));
    await store.append(events.slice(2_000));
    expect(bytesOf(path).counted).toBe(bytesOf(path).actual);
    await store.prune?.({ receivedBefore: events[1_500]?.receivedAt ?? 0 });
    expect(bytesOf(path).counted).toBe(bytesOf(path).actual);
    const { counted } = bytesOf(path);
    await store.prune?.({ maxBytes: counted / 2 });
    expect(bytesOf(path).counted).toBe(bytesOf(path).actual);
    expect(bytesOf(path).counted).toBeGreaterThan(counted / 2 - 1_000);
    await store.prune?.({ maxEvents: 0 });
    expect(bytesOf(path)).toEqual({ counted: 0, actual: 0 });
  });

  it('counts the events that an earlier version stored', async () => {
    const path = temporaryPath();
    cpSync(fileURLToPath(new URL('../fixtures/v1/events.db', import.meta.url)), path);
    const store = await openStore(path);
    await store.append(sampleEvents(10));
    await store.prune?.({ maxBytes: 1e9 });
    expect(bytesOf(path).counted).toBe(bytesOf(path).actual);
    const { deleted } = (await store.prune?.({ maxBytes: bytesOf(path).counted - 1 })) ?? {};
    expect(deleted).toBe(1);
  });

  it('deletes events of an earlier version that it has not counted', async () => {
    const path = temporaryPath();
    cpSync(fileURLToPath(new URL('../fixtures/v1/events.db', import.meta.url)), path);
    const store = await openStore(path);
    await store.append(sampleEvents(10));
    await store.prune?.({ maxEvents: 9 });
    expect(bytesOf(path).counted).toBe(bytesOf(path).actual);
  });
});
