import type { SqliteConnection } from './driver';
import { pauseThread } from './pause';

/** How long emptying the `-wal` waits for readers and writers, and the pause between attempts, in milliseconds. */
const TRUNCATE_TIMEOUT_MS = 5_000;
const TRUNCATE_PAUSE_MS = 10;

/** Runs work in one write transaction, which is rolled back if the work throws. */
export function inTransaction<T>(connection: SqliteConnection, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

/** Runs work on one snapshot of the database. */
export function inSnapshot<T>(connection: SqliteConnection, work: () => T): T {
  connection.exec('BEGIN');
  try {
    return work();
  } finally {
    rollBack(connection);
  }
}

function rollBack(connection: SqliteConnection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, as it does on a full disk.
  }
}

/** Copies the `-wal` into the database and empties it, unless a reader or writer prevents that for too long. */
export function truncateLog(connection: SqliteConnection): void {
  const deadline = performance.now() + TRUNCATE_TIMEOUT_MS;
  while (scalar(connection, 'PRAGMA wal_checkpoint(TRUNCATE)') !== 0 && performance.now() < deadline)
    pauseThread(TRUNCATE_PAUSE_MS);
}

/** Returns the first column of the first row as a number; 0 if there is none. */
export function scalar(connection: SqliteConnection, sql: string): number {
  return Number(connection.prepare(sql).get()?.[0] ?? 0);
}
