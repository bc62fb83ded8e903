import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBetterSqlite3Driver } from '../../src/sqlite/better-sqlite3-driver';
import { createLockFile, takeLock } from '../../src/journal/lock';
import { createFolder } from '../support/folder';

const driver = createBetterSqlite3Driver(Database);

function lockPath(): string {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder.file('owner');
}

describe('createLockFile', () => {
  it('creates a file for its user alone, and never one that exists', () => {
    const path = lockPath();
    createLockFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => createLockFile(path)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  });
});

describe('takeLock', () => {
  it('locks a file until the connection is closed', () => {
    const path = lockPath();
    const lock = takeLock(driver, path);
    expect(lock).toBeDefined();
    expect(takeLock(driver, path)).toBeUndefined();
    lock?.close();
    const again = takeLock(driver, path);
    expect(again).toBeDefined();
    again?.close();
  });

  it('creates no further file, which would be left behind after a crash', () => {
    const path = lockPath();
    const lock = takeLock(driver, path);
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
    lock?.close();
  });

  it('throws if the file is not a lock', () => {
    const path = lockPath();
    writeFileSync(path, 'this is text, and long enough to be taken for a header. '.repeat(20));
    expect(() => takeLock(driver, path)).toThrow(expect.objectContaining({ code: 'SQLITE_NOTADB' }));
  });

  it('closes its connection if it cannot lock', () => {
    const path = lockPath();
    const lock = takeLock(driver, path);
    let closed = 0;
    const counting: typeof driver = {
      ...driver,
      open(...parameters) {
        const connection = driver.open(...parameters);
        return { ...connection, close: () => (connection.close(), (closed += 1)) };
      },
    };
    expect(takeLock(counting, path)).toBeUndefined();
    expect(closed).toBe(1);
    lock?.close();
  });
});
