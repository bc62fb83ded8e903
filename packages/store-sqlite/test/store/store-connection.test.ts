import { truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import { identityOf } from '../../src/sqlite/file-identity';
import { openDatabase } from '../../src/sqlite/open';
import { StoreConnection } from '../../src/store/store-connection';
import type { LogChange } from '../../src/store/store-protocol';
import { STORE_KIND } from '../../src/store/store-schema';
import { createFolder } from '../support/folder';

const WRITE = 'UPDATE store SET events = events + 1';

function createConnection() {
  const folder = createFolder();
  const path = folder.file('events.db');
  const driver = createBetterSqlite3Driver(Database);
  openDatabase(driver, path, STORE_KIND, 'writer').close();
  const changes: LogChange[] = [];
  const reopened: boolean[] = [];
  const connection = new StoreConnection({
    path,
    database: identityOf(path) as string,
    connect: () => openDatabase(driver, path, STORE_KIND, 'writer'),
    isBroken: () => false,
    onLogChanged: (change) => void changes.push(change),
    onReopened: (_, isTruncated) => void reopened.push(isTruncated),
  });
  onTestFinished(() => {
    connection.close();
    folder.remove();
  });
  return { connection, path, changes, reopened };
}

describe('StoreConnection', () => {
  it('rejects a call during which it was closed, and later calls', async () => {
    const { connection } = createConnection();
    const running = connection.read(async (open) => {
      await Promise.resolve();
      open.exec(WRITE);
    });
    connection.close();
    await expect(running).rejects.toMatchObject({ code: 'VIGILANT_STORE_CLOSED' });
    await expect(connection.read(() => {})).rejects.toMatchObject({ code: 'VIGILANT_STORE_CLOSED' });
  });

  it('rejects a write before which its -wal was truncated, and opens the database again once resumed', async () => {
    const { connection, path, changes, reopened } = createConnection();
    await connection.write((open) => open.exec(WRITE));
    const written = connection.write((open) => {
      truncateSync(`${path}-wal`, 0);
      open.exec(WRITE);
    });
    await expect(written).rejects.toMatchObject({ subject: 'truncated' });
    connection.refresh();
    expect(changes).toEqual([{ isTruncated: true }]);
    expect(connection.isInterrupted).toBe(true);
    const waiting = connection.write((open) => open.exec(WRITE));
    await connection.release({ isTruncated: true });
    expect(reopened).toEqual([]);
    await connection.resume();
    await waiting;
    expect(reopened).toEqual([true]);
    expect(connection.isInterrupted).toBe(false);
  });
});
