import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { createBetterSqlite3Driver } from './better-sqlite3-driver';
import type { SqliteConnection, Driver, DriverPlace } from './driver';
import { notLoadable } from './driver-error';
import type { DatabaseKind } from './migrate';
import { migrate } from './migrate';

/** How long a statement waits for a lock of another process, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Maximum number of attempts to migrate the schema. Each waits as long as a statement does. */
const OPEN_ATTEMPTS = 6;

/** Loads the driver and its native binary. @throws {VigilantError} `VIGILANT_DRIVER_MISSING` */
export function loadDriver({ library, binding }: DriverPlace): Driver {
  try {
    const driver = createBetterSqlite3Driver(createRequire(library)(library) as typeof Database, binding);
    // The library loads its binary for the first connection.
    driver.open(':memory:', 0).close();
    return driver;
  } catch (error) {
    throw notLoadable(binding ?? library, error);
  }
}

/** Opens a database for one thread. A writer also migrates the schema. */
export function openDatabase(
  driver: Driver,
  path: string,
  kind: DatabaseKind,
  role: 'writer' | 'reader',
): SqliteConnection {
  const connection = driver.open(path, BUSY_TIMEOUT_MS);
  try {
    if (role === 'writer') retryBusy(driver, () => migrate(connection, path, kind));
    connection.exec('PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000');
    if (role === 'reader') connection.exec('PRAGMA query_only = ON');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
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
