import { VigilantError } from '@vigilant/core';
import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { createBetterSqlite3Driver } from './better-sqlite3-driver';
import type { Connection, Driver } from './driver';
import { pauseThread } from './driver';

/** How long a statement waits for a lock that another process holds, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

const TRUNCATE_PAUSE_MS = 10;

/** Maximum attempts of the first steps of opening. Each waits as long as a statement does. */
const OPEN_ATTEMPTS = 6;

/** What a kind of database is told by, and how it came to be. */
export interface DatabaseKind {
  /** Written into the file, so that it is told from others. */
  readonly applicationId: number;
  /** Each takes the schema one version further; the first makes it. Never changed, only added to. */
  readonly migrations: readonly string[];
  /** Sizes the log ahead of the database may reach before it is moved into it, in pages of 4 KiB. */
  readonly checkpointPages: number;
}

/** Loads the driver from where the host found its library. @throws {VigilantError} `VIGILANT_DRIVER_MISSING` */
export function loadDriver(library: string): Driver {
  try {
    return createBetterSqlite3Driver(createRequire(library)(library) as typeof Database);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new VigilantError(
      'VIGILANT_DRIVER_MISSING',
      `better-sqlite3 does not load (${reason}); run \`npm rebuild better-sqlite3\`, or use the memory adapters.`,
      { cause: error },
    );
  }
}

/** Opens a database for one thread; a writer also brings its schema up to date. */
export function openDatabase(
  driver: Driver,
  path: string,
  kind: DatabaseKind,
  role: 'writer' | 'reader',
): Connection {
  const connection = driver.open(path, BUSY_TIMEOUT_MS);
  try {
    if (role === 'writer') retryBusy(driver, () => becomeWriter(connection, path, kind));
    connection.exec('PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000');
    if (role === 'reader') connection.exec('PRAGMA query_only = ON');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Runs some work in one transaction that may write; it is undone when the work throws. */
export function inTransaction<T>(connection: Connection, work: () => T): T {
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
export function inSnapshot<T>(connection: Connection, work: () => T): T {
  connection.exec('BEGIN');
  try {
    return work();
  } finally {
    rollBack(connection);
  }
}

function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, as it does on a full disk.
  }
}

/** Moves the `-wal` into the database and empties it, unless a reader or writer prevents that for too long. */
export function truncateLog(connection: Connection): void {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  while (scalar(connection, 'PRAGMA wal_checkpoint(TRUNCATE)') !== 0 && performance.now() < deadline)
    pauseThread(TRUNCATE_PAUSE_MS);
}

/** The first column of the first row. */
export function scalar(connection: Connection, sql: string): number {
  return Number(connection.prepare(sql).get()?.[0] ?? 0);
}

function becomeWriter(connection: Connection, path: string, kind: DatabaseKind): void {
  // Another process may create the schema meanwhile.
  inSnapshot(connection, () => checkKind(connection, path, kind));
  // Takes effect only before the first table is made.
  if (scalar(connection, 'PRAGMA page_count') === 0) connection.exec('PRAGMA auto_vacuum = INCREMENTAL');
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
  connection.exec(
    `PRAGMA wal_autocheckpoint = ${kind.checkpointPages}; PRAGMA journal_size_limit = 67108864`,
  );
  inTransaction(connection, () => {
    checkKind(connection, path, kind);
    const version = scalar(connection, 'PRAGMA user_version');
    kind.migrations.slice(version).forEach((migration) => connection.exec(migration));
    if (version === kind.migrations.length) return;
    connection.exec(`PRAGMA user_version = ${kind.migrations.length}`);
    connection.exec(`PRAGMA application_id = ${kind.applicationId}`);
  });
}

function checkKind(connection: Connection, path: string, kind: DatabaseKind): void {
  const version = scalar(connection, 'PRAGMA user_version');
  const id = scalar(connection, 'PRAGMA application_id');
  const isEmpty = scalar(connection, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (isEmpty && version === 0) return;
  if (id !== kind.applicationId)
    throw new VigilantError(
      'VIGILANT_SCHEMA_UNSUPPORTED',
      `${path} is a database of something else; nothing was changed.`,
    );
  if (version > kind.migrations.length)
    throw new VigilantError(
      'VIGILANT_SCHEMA_UNSUPPORTED',
      `${path} has schema ${version}, this version knows ${kind.migrations.length}; update this program. Nothing was changed.`,
    );
}

function retryBusy(driver: Driver, work: () => void): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return work();
    } catch (error) {
      if (!driver.codeOf(error)?.startsWith('SQLITE_BUSY') || attempt >= OPEN_ATTEMPTS) throw error;
    }
  }
}
