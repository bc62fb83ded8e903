import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import type { TestContext } from '@vigilant/conformance';
import type { Event, Store } from '@vigilant/core';
import { createManualClock, createVigilant, MATCH_ALL } from '@vigilant/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSqliteStore, sqlite } from '../../src/index';
import { createFolder } from '../support/folder';
import type { Folder } from '../support/folder';
import { whileLocked } from '../support/lock';
import { readInOtherProcess, runAndDie } from '../support/other-process';
import { sampleEvents } from '../support/sample-events';

const COUNT = 'SELECT count(*) FROM event';
const INSERT = `INSERT INTO event SELECT 100, 'other', timestamp, received_at, level, severity, message, origin, source, type,
  "group", tags, data FROM event`;
const EVERYTHING = { filter: MATCH_ALL, order: 'arrival', limit: 1_000, maxBytes: 1e6 } as const;
const UNAVAILABLE = {
  code: 'VIGILANT_STORE_UNAVAILABLE',
  retryable: true,
  message: expect.stringMatching(
    /events\.db was (moved or deleted|replaced by another file) while it was open/,
  ) as string,
};

function temporaryFolder(): Folder {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

async function openStore(path: string, context: TestContext = createTestContext()): Promise<Store> {
  const store = createSqliteStore(path);
  await store.open(context);
  onTestFinished(() => store.close());
  return store;
}

async function idsOf(store: Store): Promise<readonly string[]> {
  return (await store.query(EVERYTHING)).events.map(({ id }) => id);
}

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

describe('SqliteStore whose database file is moved, deleted or replaced', () => {
  it.each([
    ['deleted', (path: string) => rmSync(path)],
    ['moved', (path: string) => renameSync(path, `${path}.old`)],
    [
      'replaced',
      (path: string) => {
        copyFileSync(path, `${path}.new`);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('rejects every call after the file was %s', async (_, remove) => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    const [before, after] = sampleEvents(2) as [Event, Event];
    await store.append([before]);
    remove(path);
    await expect(store.append([after])).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.query(EVERYTHING)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.get(before.id)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.documents?.get('view', 'a')).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.prune?.({ maxEvents: 1 })).rejects.toMatchObject(UNAVAILABLE);
  });

  it('reports the state as degraded with the reason', async () => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    await store.append(sampleEvents(3));
    rmSync(path);
    expect(await store.status()).toMatchObject({ state: 'degraded', reason: UNAVAILABLE.message, events: 3 });
  });

  it('continues when the file is back', async () => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    const [before, after] = sampleEvents(2) as [Event, Event];
    await store.append([before]);
    renameSync(path, `${path}.old`);
    await expect(store.append([after])).rejects.toMatchObject(UNAVAILABLE);
    renameSync(`${path}.old`, path);
    expect(await store.append([after])).toMatchObject({ inserted: 1 });
    expect(await idsOf(store)).toEqual([before.id, after.id]);
    expect(await store.status()).toMatchObject({ state: 'ready' });
  });

  it('does not change a file that replaced the database', async () => {
    const path = temporaryFolder().file('events.db');
    const store = createSqliteStore(path);
    await store.open(createTestContext());
    renameSync(path, `${path}.old`);
    writeFileSync(path, 'another file');
    await expect(store.append(sampleEvents(1))).rejects.toMatchObject(UNAVAILABLE);
    await store.close();
    expect(readFileSync(path, 'utf8')).toBe('another file');
  });

  it('leaves accepted events in the broker until the file is back', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    const vigilant = createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 20 } });
    await vigilant.log({ message: 'before' });
    await vigilant.flush();
    renameSync(path, `${path}.old`);
    await vigilant.log({ message: 'after' });
    expect(await vigilant.flush({ timeoutMs: 200 })).toMatchObject({ complete: false });
    await expect(vigilant.query('')).rejects.toMatchObject(UNAVAILABLE);
    expect(await vigilant.status()).toMatchObject({ state: 'degraded' });
    renameSync(`${path}.old`, path);
    await vi.waitUntil(async () => (await vigilant.flush()).complete, { timeout: 20_000 });
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ message }) => message)).toEqual(['before', 'after']);
    await vigilant.close();
  });
});

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

describe('SqliteStore whose database file is truncated in place', () => {
  it.each([
    ['to nothing', () => 0],
    ['by half', (size: number) => size / 2],
  ])('rejects every call after it was truncated %s, and is degraded', async (_, lengthOf) => {
    const path = temporaryFolder().file('events.db');
    const store = await openStore(path);
    const events = sampleEvents(1_001);
    await store.append(events.slice(0, 1_000));
    readInOtherProcess(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
    await store.documents?.put('view', 'a', { value: {} }, { revision: null });
    await store.query(EVERYTHING);
    truncateSync(path, lengthOf(statSync(path).size));
    const unavailable = {
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringMatching(/events\.db was truncated from \d+ to \d+ bytes/) as string,
    };
    await expect(store.append(events.slice(1_000))).rejects.toMatchObject(unavailable);
    await expect(store.query(EVERYTHING)).rejects.toMatchObject(unavailable);
    expect(await store.status()).toMatchObject({ state: 'degraded', reason: unavailable.message });
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
