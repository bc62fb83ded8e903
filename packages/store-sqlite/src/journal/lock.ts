import { closeSync, openSync } from 'node:fs';
import type { Connection, Driver } from '../sqlite/driver';

/** Makes the file of a lock, which nobody has yet. */
export function createLockFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
}

/**
 * Locks a file for as long as the connection is open; `undefined` when somebody else holds it.
 *
 * It is the lock of an exclusive transaction: the system lets go of it when the process is gone, and not while it is
 * merely stopped. Threads of one process exclude each other as well. The file must not be opened in any other way
 * while it is locked: closing it would let go of the lock.
 */
export function takeLock(driver: Driver, path: string): Connection | undefined {
  const connection = driver.open(path, 0);
  try {
    // Without a journal beside it, which nobody would clear up.
    connection.exec('PRAGMA journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    if (driver.codeOf(error)?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
