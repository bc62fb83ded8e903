import { existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
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

describe('sqlite()', () => {
  it('creates files that only their owner can access', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant(sqlite(folder.file('data/deep')));
    await vigilant.open();
    expect(statSync(folder.file('data/deep')).mode & 0o777).toBe(0o700);
    for (const name of ['journal.db', 'events.db', 'journal.db-wal', 'events.db-wal'])
      expect(statSync(folder.file(`data/deep/${name}`)).mode & 0o777).toBe(0o600);
    await vigilant.close();
  });

  it('marks its files with the application ids "VigJ" and "VigE"', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant(sqlite(folder.path));
    await vigilant.open();
    await vigilant.close();
    const ids = ['journal.db', 'events.db'].map((name) => {
      const database = new Database(folder.file(name), { readonly: true });
      const id = database.pragma('application_id', { simple: true }) as number;
      database.close();
      return Buffer.from(id.toString(16), 'hex').toString();
    });
    expect(ids).toEqual(['VigJ', 'VigE']);
  });

  it.each([
    ['a database of another application', 'CREATE TABLE other (x); PRAGMA user_version = 3'],
    ['a newer schema', 'CREATE TABLE t (x); PRAGMA application_id = 0x56696745; PRAGMA user_version = 99'],
  ])('rejects %s without changing it', async (_, sql) => {
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

  it('rejects a file that is not a database', async () => {
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

  it('rejects a folder that is a file, and names the path and the remedy', async () => {
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

  it.skipIf(!existsSync('/proc'))('rejects a folder that cannot exist', () => {
    expect(() => prepareFile('/proc/nowhere/deep/x.db', 'VIGILANT_STORE_UNAVAILABLE')).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringMatching(/x\.db cannot be created \(ENOENT.*\. Choose a folder/) as string,
      }),
    );
  });

  it('rejects events after its files were deleted', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant(sqlite(folder.file('data')));
    await vigilant.log({ message: 'before' });
    folder.removeInUse('data');
    await expect(vigilant.log({ message: 'after' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      message: expect.stringContaining('moved or deleted') as string,
    });
    expect((await vigilant.status()).state).toBe('degraded');
    await vigilant.close();
  });

  it('opens a new file in several stores at the same time', async () => {
    const path = temporaryFolder().file('events.db');
    const stores = [createSqliteStore(path), createSqliteStore(path), createSqliteStore(path)];
    await Promise.all(stores.map((store) => store.open(createTestContext())));
    const epochs = await Promise.all(stores.map(async (store) => (await store.status()).epoch));
    expect(new Set(epochs).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe('warnIfRemote', () => {
  const MOUNTS = 'rootfs / ext4 rw 0 0\nserver:/x /srv/my\\040share nfs4 rw 0 0\ntmpfs /srv tmpfs rw 0 0\n';

  it('reports the path and the type of a network file system', () => {
    const context = createTestContext();
    warnIfRemote('/srv/my share/data/events.db', 'sqlite-store', context.diagnostics, () => MOUNTS);
    expect(context.reported).toMatchObject([
      { level: 'warn', code: 'remote-file-system', details: { type: 'nfs4' } },
    ]);
    expect(context.reported[0]?.message).toContain('/srv/my share/data/events.db');
  });

  it('uses the last of several mounts at one point, which covers the others', () => {
    expect(fileSystemOf('/srv/x', `${MOUNTS}server:/y /srv nfs4 rw 0 0\n`)).toBe('nfs4');
  });

  it('distinguishes a mount from folders with a similar name', () => {
    expect(fileSystemOf('/srv/my share2/x', MOUNTS)).toBe('tmpfs');
    expect(fileSystemOf('/home/x', MOUNTS)).toBe('ext4');
    expect(fileSystemOf('/home/x', '')).toBeUndefined();
  });
});
