import { existsSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import { createVigilant } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileSystemOf, prepareFile, warnIfRemote } from '../../src/host/files';
import { createSqliteBroker, createSqliteStore, sqlite } from '../../src/index';
import { createFolder } from '../support/folder';

function temporaryFolder() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

describe('the files', () => {
  it('are made for their owner alone', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant(sqlite(folder.file('data/deep')));
    await vigilant.open();
    expect(statSync(folder.file('data/deep')).mode & 0o777).toBe(0o700);
    for (const name of ['journal.db', 'events.db', 'journal.db-wal', 'events.db-wal'])
      expect(statSync(folder.file(`data/deep/${name}`)).mode & 0o777).toBe(0o600);
    await vigilant.close();
  });

  it.each([
    ['a database of something else', 'CREATE TABLE other (x); PRAGMA user_version = 3'],
    ['a newer schema', 'CREATE TABLE t (x); PRAGMA application_id = 0x56696745; PRAGMA user_version = 99'],
  ])('are refused, and left alone, when they are %s', async (_, sql) => {
    const folder = temporaryFolder();
    const path = folder.file('x.db');
    const database = new Database(path);
    database.exec(sql);
    database.close();
    await expect(createSqliteStore(path).open(createTestContext())).rejects.toMatchObject({
      code: 'VIGILANT_SCHEMA_UNSUPPORTED',
    });
    await expect(createSqliteBroker(path).open(createTestContext())).rejects.toMatchObject({
      code: 'VIGILANT_SCHEMA_UNSUPPORTED',
    });
  });

  it('are refused when they are no database', async () => {
    const path = temporaryFolder().file('x.db');
    writeFileSync(path, 'this is text, and long enough to be taken for a header. '.repeat(20));
    await expect(createSqliteStore(path).open(createTestContext())).rejects.toMatchObject({
      message: expect.stringMatching(/damaged \(SQLITE_NOTADB\)/) as string,
    });
    truncateSync(path, 0);
    const store = createSqliteStore(path);
    await store.open(createTestContext());
    await store.close();
  });

  it('are refused with their path and a remedy when their folder is a file', async () => {
    const folder = temporaryFolder();
    writeFileSync(folder.file('file'), '');
    const { broker, store } = sqlite(folder.file('file'));
    for (const [adapter, code] of [
      [broker, 'VIGILANT_BROKER_UNAVAILABLE'],
      [store, 'VIGILANT_STORE_UNAVAILABLE'],
    ] as const)
      await expect(adapter.open(createTestContext())).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/file\/\w+\.db cannot be created .*\. Choose a folder/) as string,
      });
  });

  it.skipIf(!existsSync('/proc'))('are refused when their folder cannot exist', () => {
    expect(() => prepareFile('/proc/nowhere/deep/x.db', 'VIGILANT_STORE_UNAVAILABLE')).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringMatching(/x\.db cannot be created \(ENOENT.*\. Choose a folder/) as string,
      }),
    );
  });

  it('take nothing more once they were deleted', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant(sqlite(folder.file('data')));
    await vigilant.log({ message: 'before' });
    rmSync(folder.file('data'), { recursive: true });
    await expect(vigilant.log({ message: 'after' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringContaining('moved or deleted') as string,
    });
    expect((await vigilant.status()).state).toBe('degraded');
    await vigilant.close();
  });

  it('may be opened by two stores at the same time when they are new', async () => {
    const path = temporaryFolder().file('events.db');
    const stores = [createSqliteStore(path), createSqliteStore(path), createSqliteStore(path)];
    await Promise.all(stores.map((store) => store.open(createTestContext())));
    const epochs = await Promise.all(stores.map(async (store) => (await store.status()).epoch));
    expect(new Set(epochs).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe('a folder on another machine', () => {
  const MOUNTS = 'rootfs / ext4 rw 0 0\nserver:/x /srv/my\\040share nfs4 rw 0 0\ntmpfs /srv tmpfs rw 0 0\n';

  it('is warned of with its path and type', () => {
    const context = createTestContext();
    warnIfRemote('/srv/my share/data/events.db', 'sqlite-store', context.diagnostics, () => MOUNTS);
    expect(context.reported).toMatchObject([
      { level: 'warn', code: 'remote-file-system', details: { type: 'nfs4' } },
    ]);
    expect(context.reported[0]?.message).toContain('/srv/my share/data/events.db');
  });

  it('is told from its neighbours', () => {
    expect(fileSystemOf('/srv/my share2/x', MOUNTS)).toBe('tmpfs');
    expect(fileSystemOf('/home/x', MOUNTS)).toBe('ext4');
    expect(fileSystemOf('/home/x', '')).toBeUndefined();
  });
});
