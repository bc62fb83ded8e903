import { createHash } from 'node:crypto';
import type { DiagnosticSink } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { ERRNO, errnoOf } from '../connection/driver-errors';
import type { MysqlSession } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';
import { MIGRATIONS, eventsView } from './migrations';

/** How long the server keeps the lock of a process that is frozen or has lost its network, in seconds. */
const IDLE_SECONDS = 10;

/** Maximum time to wait for another migrating server, and the time limit of one attempt, in seconds. */
const LOCK_SECONDS = 60;
const TRY_SECONDS = 5;

/** Parameters of `migrate`. */
export interface Migration {
  readonly session: MysqlSession;
  readonly tables: Tables;
  readonly database: string;
  readonly diagnostics: DiagnosticSink;
}

/**
 * Migrates the schema without dropping anything. Only one server migrates at a time.
 *
 * @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` if the schema is newer than this version or belongs to another application
 */
export async function migrate(migration: Migration): Promise<void> {
  const version = await readVersion(migration);
  if (version === MIGRATIONS.length) return;
  const { session, tables, database } = migration;
  // Lock names are global to the server and limited to 64 characters.
  const lock = `vigilant.${createHash('sha1').update(`${database}/${tables.prefix}`).digest('hex')}`;
  // Not reset, because the connection ends with the migration.
  await session.run(`SET SESSION wait_timeout = ${IDLE_SECONDS}`);
  const isLocked = async (): Promise<boolean> => {
    const [row] = await session.rows(`SELECT GET_LOCK('${lock}', ${TRY_SECONDS})`);
    return Number(row?.[0]) === 1;
  };
  for (let waited = TRY_SECONDS; !(await isLocked()); waited += TRY_SECONDS)
    if (waited >= LOCK_SECONDS)
      throw new VigilantError(
        'VIGILANT_STORE_UNAVAILABLE',
        `Another server has been migrating the tables of ${database} for ${LOCK_SECONDS} s. Try again later.`,
      );
  try {
    await migrateLocked(migration);
  } finally {
    // The server also releases the lock when the connection ends.
    await session.rows(`SELECT RELEASE_LOCK('${lock}')`).catch(() => {});
  }
}

async function migrateLocked(migration: Migration): Promise<void> {
  const { session, tables } = migration;
  const version = (await readVersion(migration)) ?? (await createVersion(migration));
  for (const [index, statementsOf] of MIGRATIONS.entries()) {
    if (index < version) continue;
    for (const statement of statementsOf(tables)) await session.run(statement);
    await session.run(`UPDATE ${tables.schema} SET version = ?`, [index + 1]);
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
async function createVersion({ session, tables, database }: Migration): Promise<number> {
  const existing = await findConflictingTable(session, tables.prefix);
  if (existing !== undefined)
    throw unsupported(
      `${database} has a table ${existing} of another application. Set another tablePrefix or database.`,
    );
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${tables.schema} (version INT NOT NULL PRIMARY KEY) ENGINE = InnoDB`,
  );
  await session.run(`INSERT INTO ${tables.schema} VALUES (0)`);
  return 0;
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
