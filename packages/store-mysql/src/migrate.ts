import { createHash } from 'node:crypto';
import type { DiagnosticSink } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { ERRNO, errnoOf } from './errors';
import { MIGRATIONS, eventsView } from './schema';
import type { Session } from './session';
import type { Tables } from './tables';

/** How long the server keeps the lock of a process that is frozen or has lost its network, in seconds. */
const IDLE_SECONDS = 10;

/** How long to wait for another server that is migrating, and for how long at a time, in seconds. */
const LOCK_SECONDS = 60;
const TRY_SECONDS = 5;

/** Where to migrate. */
export interface Migration {
  readonly session: Session;
  readonly tables: Tables;
  readonly database: string;
  readonly diagnostics: DiagnosticSink;
}

/**
 * Brings the schema up to date; nothing is ever dropped. One server at a time does so, the others wait.
 *
 * @throws {VigilantError} `VIGILANT_SCHEMA_UNSUPPORTED` when it is newer than we are, or not ours
 */
export async function migrate(migration: Migration): Promise<void> {
  const version = await readVersion(migration);
  if (version === MIGRATIONS.length) return;
  const { session, tables, database } = migration;
  // Names of locks are the whole server's, and short.
  const lock = `vigilant.${createHash('sha1').update(`${database}/${tables.prefix}`).digest('hex')}`;
  // Not reset, as the connection ends with the migration.
  await session.run(`SET SESSION wait_timeout = ${IDLE_SECONDS}`);
  const isLocked = async (): Promise<boolean> => {
    const [row] = await session.rows(`SELECT GET_LOCK('${lock}', ${TRY_SECONDS})`);
    return Number(row?.[0]) === 1;
  };
  for (let waited = TRY_SECONDS; !(await isLocked()); waited += TRY_SECONDS)
    if (waited >= LOCK_SECONDS)
      throw new VigilantError(
        'VIGILANT_STORE_UNAVAILABLE',
        `Another server has been bringing the tables of ${database} up to date for ${LOCK_SECONDS} s.`,
      );
  try {
    await migrateLocked(migration);
  } finally {
    // A lock goes with its connection too.
    await session.rows(`SELECT RELEASE_LOCK('${lock}')`).catch(() => {});
  }
}

async function migrateLocked(migration: Migration): Promise<void> {
  const { session, tables, database } = migration;
  let version = await readVersion(migration);
  if (version === undefined) {
    const taken = await existing(session, tables.prefix);
    if (taken !== undefined)
      throw unsupported(
        `${database} has a table ${taken} that is not ours; give another tablePrefix or database.`,
      );
    await session.run(
      `CREATE TABLE IF NOT EXISTS ${tables.schema} (version INT NOT NULL PRIMARY KEY) ENGINE = InnoDB`,
    );
    await session.run(`INSERT INTO ${tables.schema} VALUES (0)`);
    version = 0;
  }
  for (const migrateStep of MIGRATIONS.slice(version)) {
    for (const statement of migrateStep(tables)) await session.run(statement);
    version += 1;
    await session.run(`UPDATE ${tables.schema} SET version = ?`, [version]);
  }
  await createView(migration);
}

/** The version that the tables have; `undefined` when there are none. */
async function readVersion({ session, tables, database }: Migration): Promise<number | undefined> {
  try {
    const [row] = await session.rows(`SELECT version FROM ${tables.schema}`);
    if (row === undefined) return undefined;
    const version = Number(row[0]);
    if (version > MIGRATIONS.length)
      throw unsupported(
        `The tables ${tables.prefix}* of ${database} have version ${version}, this program knows up to ` +
          `${MIGRATIONS.length}. Use a newer one; nothing was changed.`,
      );
    return version;
  } catch (error) {
    if (errnoOf(error) === ERRNO.noSuchTable) return undefined;
    throw error;
  }
}

async function existing(session: Session, prefix: string): Promise<string | undefined> {
  const names = ['event', 'store', 'document', 'document_part', 'events'].map((name) => prefix + name);
  const [row] = await session.rows(
    'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?)',
    [names],
  );
  return row === undefined ? undefined : String(row[0]);
}

/** The view is for people alone: an account that may not make it can store events all the same. */
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
      message: `The view ${tables.prefix}events was not made; grant CREATE VIEW to have it.`,
      error,
    });
  }
}

function unsupported(message: string): VigilantError {
  return new VigilantError('VIGILANT_SCHEMA_UNSUPPORTED', message);
}
