import type { AdapterContext } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { ERRNO, errnoOf } from '../connection/driver-errors';
import { migrate } from './migrate';
import type { ResolvedMysqlOptions } from '../connection/mysql-options';
import { checkReplication, reportSettings } from '../connection/server-check';
import { Session } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';

/** Parameters of `prepareDatabase`. */
export interface OpenRequest {
  readonly options: ResolvedMysqlOptions;
  readonly tables: Tables;
  readonly context: AdapterContext;
  /** Cancels the preparation and destroys its connection. */
  readonly signal: AbortSignal;
}

/** Creates and migrates the database, and checks that the server is suitable and accepts writes. */
export async function prepareDatabase({ options, tables, context, signal }: OpenRequest): Promise<void> {
  const { clock, diagnostics } = context;
  const { database } = options;
  const connect = (): Promise<Session> => Session.connect({ options, clock, role: 'writer', signal });
  const session = await connect().catch(async (error: unknown) => {
    if (errnoOf(error) !== ERRNO.unknownDatabase) throw error;
    await createDatabase(options, context, signal);
    return connect();
  });
  const cut = (): void => session.destroy();
  signal.addEventListener('abort', cut, { once: true });
  try {
    signal.throwIfAborted();
    await checkReplication((sql) => session.rows(sql));
    await migrate({ session, tables, database, diagnostics });
    reportSettings(session.server, diagnostics);
    await reportCharset(session, tables, context);
    // Fails now, not at the first event, if the server is read-only.
    await session.run(`UPDATE ${tables.store} SET \`only\` = 1`);
  } finally {
    signal.removeEventListener('abort', cut);
    await session.end();
  }
}

async function createDatabase(
  options: ResolvedMysqlOptions,
  { clock }: AdapterContext,
  signal: AbortSignal,
): Promise<void> {
  const statement = `CREATE DATABASE IF NOT EXISTS \`${options.database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
  const session = await Session.connect({ options, clock, role: 'writer', database: '', signal });
  const cut = (): void => session.destroy();
  signal.addEventListener('abort', cut, { once: true });
  try {
    await session.run(statement);
  } catch (error) {
    throw new VigilantError(
      'VIGILANT_STORE_UNAVAILABLE',
      `The database ${options.database} does not exist, and the account may not create it. Run this statement as an administrator: ${statement}`,
      { cause: error, retryable: false },
    );
  } finally {
    signal.removeEventListener('abort', cut);
    await session.end();
  }
}

/** Reports a table whose collation was changed, because it may not hold every character. */
async function reportCharset(
  session: Session,
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
      `The table ${tables.prefix}event has the collation ${collation}: text may be cut or compared wrongly. ` +
      `Run: ALTER TABLE ${tables.event} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    details: { setting: 'collation', value: collation, remedy: 'utf8mb4_bin' },
  });
}
