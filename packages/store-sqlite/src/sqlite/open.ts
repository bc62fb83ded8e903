import { VigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { createBetterSqlite3Driver } from './better-sqlite3-driver';
import type { SqliteConnection, Driver } from './driver';
import type { DatabaseKind } from './migrate';
import { migrate } from './migrate';

/** How long a statement waits for a lock of another process, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Maximum number of attempts to migrate the schema. Each waits as long as a statement does. */
const OPEN_ATTEMPTS = 6;

/** Loads the driver from the path of its library. @throws {VigilantError} `VIGILANT_DRIVER_MISSING` */
export function loadDriver(library: string): Driver {
  try {
    return createBetterSqlite3Driver(createRequire(library)(library) as typeof Database);
  } catch (error) {
    const [reason] = reasonOf(error).split('\n', 1);
    throw new VigilantError(
      'VIGILANT_DRIVER_MISSING',
      `better-sqlite3 cannot be loaded: ${reason}. Run \`npm rebuild better-sqlite3\`, or use the memory adapters.`,
      { cause: error },
    );
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
