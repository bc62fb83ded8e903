import { copyFileSync, existsSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import type { Event, Store } from '@vigilant/core';
import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder';
import type { Folder } from '../support/folder';
import { whileLocked } from '../support/lock';
import { idsOf, openStore } from '../support/open-store';
import { readInOtherProcess, runAndDie } from '../support/other-process';
import { sampleEvents } from '../support/sample-events';

const COUNT = 'SELECT count(*) FROM event';
const INSERT = `INSERT INTO event SELECT 100, 'other', timestamp, received_at, level, severity, message, origin, source, type,
  "group", tags, data FROM event`;

/**
 * Copies the files of a database, and then opens and closes it in another process.
 *
 * Closing a file releases all locks that the process holds on it, so the other process closes the database as the last one.
 */
function loseLog(path: string, folder: Folder, sql = COUNT): void {
  for (const end of ['', '-wal', '-shm']) copyFileSync(path + end, folder.file(`copy.db${end}`));
  readInOtherProcess(path, sql);
  expect(existsSync(`${path}-wal`)).toBe(false);
}

describe('SqliteStore whose write-ahead log is deleted by another process', () => {
  it('appends to the new log, so that other processes read it', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(20);
    await store.append(events.slice(0, 10));
    const { epoch } = await store.status();
    loseLog(path, folder);
    expect(await store.append(events.slice(10))).toEqual({ inserted: 10, duplicates: 0, conflicts: [] });
    expect((await store.status()).epoch).toBe(epoch);
    expect(readInOtherProcess(path, COUNT)).toBe(20);
    expect(await idsOf(store)).toEqual(events.map(({ id }) => id));
  });

  it('reads what other processes append', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const store = await openStore(path);
    await store.append(sampleEvents(1));
    await idsOf(store);
    loseLog(path, folder);
    expect(readInOtherProcess(path, `${INSERT} RETURNING id`)).toBe('other');
    expect(await store.get('other')).toMatchObject({ sequence: 100 });
  });

  it('keeps what a killed process appended meanwhile', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(2);
    await store.append(events.slice(0, 1));
    loseLog(path, folder);
    runAndDie(path, `${INSERT}; UPDATE store SET last_sequence = 100`);
    await store.append(events.slice(1));
    expect(await idsOf(store)).toEqual(['event-1', 'other', 'event-2']);
    expect(readInOtherProcess(path, COUNT)).toBe(3);
  });

  it('writes documents to the new log, so that other processes read them', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const store = await openStore(path);
    loseLog(path, folder);
    await store.documents?.put('view', 'a', { value: {} }, { revision: null });
    expect(readInOtherProcess(path, 'SELECT count(*) FROM document')).toBe(1);
  });

  it('reports that it opened the files again', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const context = createTestContext();
    const store = await openStore(path, context);
    loseLog(path, folder);
    await store.append(sampleEvents(1));
    expect(context.reported).toMatchObject([
      { level: 'warn', code: 'log-replaced', details: { file: path } },
    ]);
  });

  it('appends the batches of the last seconds again if the other process did not see them', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(3);
    await store.append(events);
    loseLog(path, folder, "DELETE FROM event WHERE id = 'event-3' RETURNING id");
    expect(await idsOf(store)).toEqual(events.map(({ id }) => id));
  });

  it('opens it again without a call', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const clock = createManualClock();
    const context = createTestContext({ clock });
    await openStore(path, context);
    loseLog(path, folder);
    await clock.advance(1_000);
    await expect.poll(() => existsSync(`${path}-wal`), { timeout: 10_000 }).toBe(true);
    expect(context.reported).toHaveLength(1);
  });

  it('keeps the content of a log that a user deleted', async () => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(20);
    await store.append(events.slice(0, 10));
    rmSync(`${path}-wal`);
    await store.append(events.slice(10));
    expect(readInOtherProcess(path, COUNT)).toBe(20);
  });

  it('serves several stores of the process', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const stores = [await openStore(path), await openStore(path)];
    const events = sampleEvents(30);
    await stores[0]?.append(events.slice(0, 10));
    loseLog(path, folder);
    await Promise.all(
      stores.map((store, index) =>
        appendUntilAccepted(store, events.slice(10 * index + 10, 10 * index + 20)),
      ),
    );
    expect(readInOtherProcess(path, COUNT)).toBe(30);
  });
});

describe('SqliteStore whose write-ahead log is truncated in place', () => {
  it.each([
    ['completely', () => 0],
    ['by half', (size: number) => size / 2],
  ])('appends recent batches again after it was truncated %s', async (_, lengthOf) => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(30);
    await store.append(events.slice(0, 10));
    await store.append(events.slice(10, 20));
    truncateSync(`${path}-wal`, lengthOf(statSync(`${path}-wal`).size));
    expect(await store.append(events.slice(20))).toMatchObject({ inserted: 10 });
    expect(readInOtherProcess(path, COUNT)).toBe(30);
    expect(readInOtherProcess(path, 'PRAGMA integrity_check')).toBe('ok');
    expect(await store.status()).toMatchObject({ state: 'ready', events: 30 });
  });

  it('appends again if it was truncated after the check and before the write', async () => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(30);
    await store.append(events.slice(0, 20));
    let appended: Promise<void> | undefined;
    await whileLocked(path, async () => {
      appended = appendUntilAccepted(store, events.slice(20));
      // The thread checks the files, then waits for the lock. If it is slow, it finds the truncation in that check.
      await new Promise((resolve) => setTimeout(resolve, 300));
      truncateSync(`${path}-wal`, 0);
    });
    await appended;
    expect(readInOtherProcess(path, COUNT)).toBe(30);
    expect(readInOtherProcess(path, 'PRAGMA integrity_check')).toBe('ok');
  });

  it('reports that events may be lost, and starts a new epoch', async () => {
    const path = temporaryFolder().file('events.db');
    const context = createTestContext();
    const store = await openStore(path, context);
    await store.append(sampleEvents(1));
    const { epoch } = await store.status();
    truncateSync(`${path}-wal`, 0);
    await store.append(sampleEvents(2).slice(1));
    expect((await store.status()).epoch).not.toBe(epoch);
    expect(context.reported).toMatchObject([
      { level: 'warn', code: 'log-replaced', message: expect.stringMatching(/truncated.*lost/) as string },
    ]);
  });
});

async function appendUntilAccepted(store: Store, events: readonly Event[]): Promise<void> {
  for (;;) {
    try {
      await store.append(events);
      return;
    } catch (error) {
      expect(error).toMatchObject({ retryable: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
