import { closeSync, openSync } from 'node:fs';
import type { SqliteConnection, Driver } from '../sqlite/driver';

/** Creates a new lock file. */
export function createLockFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
}

/**
 * Locks a file until the connection is closed; returns `undefined` if the file is locked.
 *
 * Uses the lock of an exclusive transaction. The operating system releases it when the process ends, not while the process
 * is stopped. Threads of one process exclude each other too. While the file is locked, this process must not open it in
 * another way, because closing it releases the lock.
 */
export function takeLock(driver: Driver, path: string): SqliteConnection | undefined {
  const connection = driver.open(path, 0);
  try {
    // A rollback journal on the disk would be left behind.
    connection.exec('PRAGMA journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    if (driver.codeOf(error)?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
