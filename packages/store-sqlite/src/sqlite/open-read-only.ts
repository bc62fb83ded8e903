import { statSync } from 'node:fs';
import { VigilantError } from '@vigilant/core';
import type { Driver, SqliteConnection } from './driver';
import { fileSize, identityOf } from './file-identity';
import type { DatabaseKind } from './migrate';
import { BUSY_TIMEOUT_MS } from './open';
import { copyPrivately, notCopied, removeCopy } from './private-copy';
import { checkApplication, checkReadable, checkSchema, readHeader } from './readable-file';

/** Maximum number of attempts while other processes open, close or change the database. */
const OPEN_ATTEMPTS = 10;

/** A database that is open for reading. */
export interface ReadOnlyDatabase {
  readonly connection: SqliteConnection;
  /** Returns whether the files have changed so that the database must be opened again to see its current content. */
  isStale(): boolean;
  close(): void;
}

/** Where and how to open a database. */
export interface ReadOnlySetting {
  readonly path: string;
  readonly kind: DatabaseKind;
  /** The folder of a private copy. It does not exist yet. */
  readonly copyFolder: string;
}

/**
 * Opens a database without changing it or its folder.
 *
 * SQLite needs a `-wal` and a `-shm` to read a database in WAL mode, and creates them if they are missing. The database is
 * therefore opened in place only while both exist, as they do while another process has it open. Otherwise no process
 * writes it, and a private copy is opened. The copy is stale once a file has changed.
 *
 * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE`, `VIGILANT_SCHEMA_UNSUPPORTED`
 */
export function openReadOnly(driver: Driver, setting: ReadOnlySetting): ReadOnlyDatabase {
  const { path } = setting;
  for (let attempt = 1; attempt <= OPEN_ATTEMPTS; attempt += 1) {
    checkReadable(path);
    const isInUse = identityOf(`${path}-wal`) !== undefined && identityOf(`${path}-shm`) !== undefined;
    const database = isInUse ? openInPlace(driver, setting) : openClosed(driver, setting);
    if (!database.isStale()) return database;
    database.close();
  }
  throw new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    `${path} was changed during each of ${OPEN_ATTEMPTS} attempts to open it. Try again later.`,
  );
}

/** Opens a database that no process has open. */
function openClosed(driver: Driver, setting: ReadOnlySetting): ReadOnlyDatabase {
  const { path, kind, copyFolder } = setting;
  const { usesLog, applicationId } = readHeader(path);
  const hasLog = fileSize(`${path}-wal`) > 0;
  // Otherwise the log can contain the value.
  if (!hasLog) checkApplication(applicationId, path, kind);
  if (!usesLog && !hasLog) return openInPlace(driver, setting);
  const before = contentOf(path);
  const copy = copyPrivately(hasLog ? [path, `${path}-wal`] : [path], copyFolder);
  try {
    const connection = connect(driver, copy, setting);
    return {
      connection,
      isStale: () => contentOf(path) !== before,
      close: () => connection.close(),
    };
  } catch (error) {
    // SQLite needs some space besides the copy.
    if (/^SQLITE_(FULL|IOERR)/.test(driver.codeOf(error) ?? '')) throw notCopied(path, copyFolder, error);
    throw error;
  } finally {
    // The open connection keeps the content, so that nothing is left even if the process is killed.
    removeCopy(copyFolder);
  }
}

function openInPlace(driver: Driver, setting: ReadOnlySetting): ReadOnlyDatabase {
  const { path } = setting;
  const before = filesOf(path);
  const connection = connect(driver, path, setting);
  return { connection, isStale: () => filesOf(path) !== before, close: () => connection.close() };
}

function connect(driver: Driver, file: string, { path, kind }: ReadOnlySetting): SqliteConnection {
  const connection = driver.openReadOnly(file, BUSY_TIMEOUT_MS);
  try {
    connection.exec('PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000');
    checkSchema(connection, path, kind);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Identifies the files of a database. */
function filesOf(path: string): string {
  return [path, `${path}-wal`, `${path}-shm`].map((file) => identityOf(file) ?? 'missing').join(' ');
}

/** Identifies the files of a database and their content, by size and time of the last change. */
function contentOf(path: string): string {
  const versions = [path, `${path}-wal`].map((file) => {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? 'missing' : `${found.size}:${found.mtimeNs}`;
  });
  return `${filesOf(path)} ${versions.join(' ')}`;
}
