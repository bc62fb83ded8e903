import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { VigilantError } from '@vigilant/core';
import type { SqliteConnection } from './driver';
import { describeFileError } from './file-errors';
import type { DatabaseKind } from './migrate';
import { inSnapshot, scalar } from './transaction';

// See https://sqlite.org/fileformat2.html#the_database_header.

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const READ_VERSION_AT = 19;
const WAL_VERSION = 2;
const APPLICATION_ID_AT = 68;

/** Facts of the header of a database file. */
export interface DatabaseHeader {
  /** Whether the database uses a write-ahead log. */
  readonly usesLog: boolean;
  /** May be 0 while the value is only in the write-ahead log. */
  readonly applicationId: number;
}

/** Checks that a file exists and can be read. @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE` */
export function checkReadable(path: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined)
      throw unavailable(
        `${path} does not exist. Check the path: a read-only store does not create the file.`,
      );
    if (!found.isFile()) throw unavailable(`${path} is not a file. Pass the path of an events.db.`);
    accessSync(path, constants.R_OK);
  } catch (error) {
    const reason = describeFileError(error, 'read');
    throw reason === undefined ? error : unavailable(`${path} cannot be read ${reason}`, error);
  }
}

/**
 * Reads the header of a database.
 *
 * Opens and closes the file, so no SQLite connection of this process may have it open.
 *
 * @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` if the file is not a SQLite database.
 */
export function readHeader(path: string): DatabaseHeader {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw unsupported(`${path} is not a SQLite database. Pass the path of an events.db.`);
  return {
    usesLog: header[READ_VERSION_AT] === WAL_VERSION,
    applicationId: header.readUInt32BE(APPLICATION_ID_AT),
  };
}

/** Checks the application id of a header. @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` */
export function checkApplication(applicationId: number, path: string, kind: DatabaseKind): void {
  if (applicationId !== kind.applicationId)
    throw unsupported(`${path} is not a database of Vigilant events. Pass the path of an events.db.`);
}

/** Checks that a database has a schema that can be read. @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` */
export function checkSchema(connection: SqliteConnection, path: string, kind: DatabaseKind): void {
  const [applicationId, version] = inSnapshot(connection, () => [
    scalar(connection, 'PRAGMA application_id'),
    scalar(connection, 'PRAGMA user_version'),
  ]) as [number, number];
  checkApplication(applicationId, path, kind);
  const supported = kind.migrations.length;
  if (version > supported)
    throw unsupported(
      `${path} has schema ${version}, and this version supports up to ${supported}. Update this program.`,
    );
  if (version < (kind.readableFrom ?? supported))
    throw unsupported(
      `${path} has schema ${version}, and a read-only store does not migrate it to schema ${supported}. ` +
        'Open it for writing once with this version, for example by starting a server on its folder.',
    );
}

function unsupported(message: string): VigilantError {
  return new VigilantError('VIGILANT_SCHEMA_UNSUPPORTED', message);
}

function unavailable(message: string, cause?: unknown): VigilantError {
  return new VigilantError('VIGILANT_STORE_UNAVAILABLE', message, { cause });
}
