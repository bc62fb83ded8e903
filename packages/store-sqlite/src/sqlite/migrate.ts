import { VigilantError } from '@vigilant/core';
import type { SqliteConnection } from './driver';
import { inSnapshot, inTransaction, scalar } from './transaction';

/** Identifies a database file and lists its migrations. */
export interface DatabaseKind {
  /** The `application_id` of the file. */
  readonly applicationId: number;
  /** The SQL of each schema version, from the first. Released migrations never change. */
  readonly migrations: readonly string[];
  /** The earliest schema version that a read-only store can read. @defaultValue the latest version */
  readonly readableFrom?: number;
  /** Size of the write-ahead log at which it is copied into the database, in pages of 4 KiB. */
  readonly checkpointPages: number;
}

/**
 * Migrates the schema of a database and configures the connection for writing.
 *
 * @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` for a database of another kind or a later version, which is not changed.
 */
export function migrate(connection: SqliteConnection, path: string, kind: DatabaseKind): void {
  // Another process may create the schema meanwhile.
  inSnapshot(connection, () => checkKind(connection, path, kind));
  // Only has an effect before the first table is created.
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

function checkKind(connection: SqliteConnection, path: string, kind: DatabaseKind): void {
  const version = scalar(connection, 'PRAGMA user_version');
  const id = scalar(connection, 'PRAGMA application_id');
  const isEmpty = scalar(connection, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (isEmpty && version === 0) return;
  if (id !== kind.applicationId)
    throw new VigilantError(
      'VIGILANT_SCHEMA_UNSUPPORTED',
      `${path} is a database of another application. It was not changed. Choose another path.`,
    );
  if (version > kind.migrations.length)
    throw new VigilantError(
      'VIGILANT_SCHEMA_UNSUPPORTED',
      `${path} has schema ${version}, and this version supports up to ${kind.migrations.length}. It was not changed. Update this program.`,
    );
}
