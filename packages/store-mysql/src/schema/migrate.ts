import type { Clock, DiagnosticSink } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { ERRNO, errnoOf } from '../connection/driver-errors';
import type { MysqlSession, SessionWork } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';
import type { MigrationLock } from './migration-lock';
import { withMigrationLock } from './migration-lock';
import { MIGRATIONS, eventsView } from './migrations';

/** Parameters of `migrate`. */
export interface Migration {
  readonly session: MysqlSession;
  readonly tables: Tables;
  readonly database: string;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  /** Runs work on another session of the same database. */
  readonly useOtherSession: (work: SessionWork<void>) => Promise<void>;
}

/**
 * Migrates the schema without dropping anything. Only one server migrates at a time.
 *
 * @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` if the schema is newer than this version or belongs to another application
 */
export async function migrate(migration: Migration): Promise<void> {
  const { session, tables, database, clock, useOtherSession } = migration;
  const version = await readVersion(migration);
  if (version === MIGRATIONS.length) return;
  if (version === undefined) await createVersionTable(migration);
  await withMigrationLock({ session, tables, database, clock }, (lock) =>
    useOtherSession((other) => migrateLocked({ ...migration, session: other }, lock)),
  );
}

async function migrateLocked(migration: Migration, lock: MigrationLock): Promise<void> {
  const { session, tables } = migration;
  const run = async (statement: string): Promise<void> => {
    await lock.check();
    await session.run(statement);
  };
  let version = await readVersion(migration);
  if (version === undefined) {
    version = 0;
    await run(`INSERT INTO ${tables.schema} VALUES (${version})`);
  }
  for (; version < MIGRATIONS.length; version += 1) {
    for (const statement of MIGRATIONS[version]?.(tables) ?? []) await run(statement);
    // Without the condition, the statement would wait for the lock.
    await run(`UPDATE ${tables.schema} SET version = ${version + 1} WHERE version = ${version}`);
  }
  await createView(migration);
}

/** Returns the schema version; `undefined` if there are no tables. */
async function readVersion({ session, tables, database }: Migration): Promise<number | undefined> {
  try {
    const [row] = await session.rows(`SELECT version FROM ${tables.schema}`);
    if (row === undefined) return undefined;
    const version = Number(row[0]);
    if (version > MIGRATIONS.length)
      throw unsupported(
        `The tables ${tables.prefix}* of ${database} have schema version ${version}, but this version of Vigilant supports ` +
          `at most ${MIGRATIONS.length}. Use a newer version. Nothing was changed.`,
      );
    return version;
  } catch (error) {
    if (errnoOf(error) === ERRNO.noSuchTable) return undefined;
    throw error;
  }
}

/** Creates the table of the schema version unless a table of another application exists. */
async function createVersionTable(migration: Migration): Promise<void> {
  const { session, tables, database } = migration;
  const existing = await findConflictingTable(session, tables.prefix);
  // Another server may have created the table in the meantime.
  if (existing !== undefined && (await readVersion(migration)) === undefined)
    throw unsupported(
      `${database} has a table ${existing} of another application. Set another tablePrefix or database.`,
    );
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${tables.schema} (version INT NOT NULL PRIMARY KEY) ENGINE = InnoDB`,
  );
}

/** Returns the name of an existing table that has one of our names. */
async function findConflictingTable(session: MysqlSession, prefix: string): Promise<string | undefined> {
  const names = ['event', 'store', 'document', 'document_part', 'events'].map((name) => prefix + name);
  const [row] = await session.rows(
    'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?)',
    [names],
  );
  return row === undefined ? undefined : String(row[0]);
}

/** Creates the readable view. The store does not use it, so a failure is only reported. */
async function createView({ session, tables, diagnostics }: Migration): Promise<void> {
  const [row] = await session.rows(
    'SELECT COUNT(*) FROM information_schema.views WHERE table_schema = DATABASE() AND table_name = ?',
    [`${tables.prefix}events`],
  );
  if (Number(row?.[0]) > 0) return;
  try {
    await session.run(eventsView(tables));
  } catch (error) {
    diagnostics({
      level: 'info',
      component: 'mysql-store',
      code: 'view-not-created',
      message: `The view ${tables.prefix}events was not created. Grant CREATE VIEW to create it on the next migration.`,
      error,
    });
  }
}

function unsupported(message: string): VigilantError {
  return new VigilantError('VIGILANT_SCHEMA_UNSUPPORTED', message);
}
