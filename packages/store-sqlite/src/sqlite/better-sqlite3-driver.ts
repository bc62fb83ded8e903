import type Database from 'better-sqlite3';
import type { SqliteConnection, Driver, SqlRow, SqlValue, Statement } from './driver';
import { pauseThread } from './pause';

/** Maximum number of prepared statements that are kept. */
const MAX_STATEMENTS = 200;

/** Pauses after the first attempts to obtain a lock, and after each later one, in milliseconds. */
const FIRST_PAUSES_MS = [1, 2, 5, 10];
const PAUSE_MS = 25;

/**
 * Creates the driver from the loaded module.
 *
 * @param binding - Path of the native binary. By default, the module finds it.
 */
export function createBetterSqlite3Driver(module: typeof Database, binding?: string): Driver {
  const common = { timeout: 0, ...(binding === undefined ? {} : { nativeBinding: binding }) };
  return {
    open: (path, busyTimeoutMs) => connect(new module(path, common), busyTimeoutMs),
    openReadOnly: (path, busyTimeoutMs) =>
      connect(new module(path, { ...common, readonly: true, fileMustExist: true }), busyTimeoutMs),
    codeOf,
  };
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

function connect(database: Database.Database, busyTimeoutMs: number): SqliteConnection {
  const statements = new Map<string, Statement>();
  return {
    exec: (sql) => void whenUnlocked(() => database.exec(sql), busyTimeoutMs),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      const prepared = wrap(
        whenUnlocked(() => database.prepare(sql), busyTimeoutMs),
        busyTimeoutMs,
      );
      statements.set(sql, prepared);
      return prepared;
    },
    close() {
      statements.clear();
      database.close();
    },
  };
}

function wrap(statement: Database.Statement, busyTimeoutMs: number): Statement {
  if (statement.reader) statement.raw(true);
  const run = <T>(work: () => T): T => whenUnlocked(work, busyTimeoutMs);
  return {
    run: (...parameters: SqlValue[]) => run(() => statement.run(...parameters).changes),
    get: (...parameters: SqlValue[]) => run(() => statement.get(...parameters) as SqlRow | undefined),
    all: (...parameters: SqlValue[]) => run(() => statement.all(...parameters) as SqlRow[]),
    iterate: (...parameters: SqlValue[]) =>
      run(() => statement.iterate(...parameters) as IterableIterator<SqlRow>),
  };
}

/**
 * Retries a statement while another process holds the lock that it needs.
 *
 * The busy timeout of SQLite is not used, because a thread that waits inside SQLite cannot be ended.
 */
function whenUnlocked<T>(work: () => T, busyTimeoutMs: number): T {
  let deadline: number | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return work();
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'SQLITE_BUSY' && code !== 'SQLITE_BUSY_RECOVERY') throw error;
      deadline ??= performance.now() + busyTimeoutMs;
      if (performance.now() >= deadline) throw error;
      pauseThread(FIRST_PAUSES_MS[attempt] ?? PAUSE_MS);
    }
  }
}
