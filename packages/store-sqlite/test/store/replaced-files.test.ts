import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import type { Event } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, vi } from 'vitest';
import { createSqliteStore, sqlite } from '../../src/index';
import { temporaryFolder } from '../support/folder';
import { EVERYTHING, idsOf, openStore } from '../support/open-store';
import { readInOtherProcess } from '../support/other-process';
import { sampleEvents } from '../support/sample-events';

const UNAVAILABLE = {
  code: 'VIGILANT_STORE_UNAVAILABLE',
  retryable: true,
  message: expect.stringMatching(
    /events\.db was (moved or deleted|replaced by another file) while it was open/,
  ) as string,
};

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
