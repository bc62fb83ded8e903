import type { AdapterContext } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { ERRNO, errnoOf } from '../connection/driver-errors';
import type { ResolvedMysqlOptions } from '../connection/mysql-options';
import type { MysqlSession, SessionWork } from '../connection/mysql-session';
import { connectSession } from '../connection/mysql-session';
import { checkReplication, reportSettings } from '../connection/server-check';
import type { Tables } from '../sql/tables';
import { migrate } from './migrate';

/** Parameters of `prepareDatabase`. */
export interface DatabaseParameters {
  readonly options: ResolvedMysqlOptions;
  readonly tables: Tables;
  readonly context: AdapterContext;
  /** Cancels the preparation and destroys its connection. */
  readonly signal: AbortSignal;
}

/** Creates and migrates the database, and checks that the server is suitable and accepts writes. */
export async function prepareDatabase(parameters: DatabaseParameters): Promise<void> {
  const { database } = parameters.options;
  const prepare = (): Promise<void> =>
    withSession(parameters, database, (session) => prepareTables(session, parameters));
  try {
    await prepare();
  } catch (error) {
    if (errnoOf(error) !== ERRNO.unknownDatabase) throw error;
    await withSession(parameters, '', (session) => createDatabase(session, database));
    await prepare();
  }
}

/** Runs work on a session of its own, which the signal destroys. */
async function withSession(
  { options, context, signal }: DatabaseParameters,
  database: string,
  work: SessionWork<void>,
): Promise<void> {
  const { clock } = context;
  const session = await connectSession({ options, clock, role: 'writer', database, signal });
  const onAbort = (): void => session.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await work(session);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await session.end();
  }
}

async function prepareTables(session: MysqlSession, parameters: DatabaseParameters): Promise<void> {
  const { options, tables, context } = parameters;
  const { database } = options;
  const { clock, diagnostics } = context;
  await checkReplication((sql) => session.rows(sql));
  await migrate({
    session,
    tables,
    database,
    clock,
    diagnostics,
    useOtherSession: (work) => withSession(parameters, database, work),
  });
  reportSettings(session.server, diagnostics);
  await reportCollation(session, tables, context);
  // On a read-only server this fails now, and not at the first event.
  await session.run(`UPDATE ${tables.store} SET \`only\` = 1`);
}

async function createDatabase(session: MysqlSession, database: string): Promise<void> {
  const statement = `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
  try {
    await session.run(statement);
  } catch (error) {
    throw new VigilantError(
      'VIGILANT_STORE_UNAVAILABLE',
      `The database ${database} does not exist, and the account may not create it. Run this statement as an administrator: ${statement}`,
      { cause: error, retryable: false },
    );
  }
}

/** Reports a table whose collation was changed, because it may not hold every character. */
async function reportCollation(
  session: MysqlSession,
  tables: Tables,
  { diagnostics }: AdapterContext,
): Promise<void> {
  const [row] = await session.rows(
    'SELECT table_collation FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    [`${tables.prefix}event`],
  );
  const collation = String(row?.[0]);
  if (collation === 'utf8mb4_bin') return;
  diagnostics({
    level: 'warn',
    component: 'mysql-store',
    code: 'wrong-collation',
    message:
      `The table ${tables.prefix}event has the collation ${collation}: text may be cut or compared incorrectly. ` +
      `Run: ALTER TABLE ${tables.event} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    details: { setting: 'collation', value: collation, remedy: 'utf8mb4_bin' },
  });
}
