import type { MysqlServer } from './server-check';

/** How long a write waits for a lock of another transaction, in seconds. */
export const LOCK_WAIT_SECONDS = 10;

/**
 * How long the server waits for the next part of a transaction before it rolls the transaction back, in seconds. A process
 * that is frozen or has lost its network holds its locks for this long, not for the 8 hours of the default `wait_timeout`.
 */
export const TRANSACTION_IDLE_SECONDS = 4;

const SQL_MODE = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION';

/** More rows than any statement of this package returns. */
const ALL_ROWS = '18446744073709551615';

/** Statements that replace the defaults of the server in a new session. */
export const SESSION_SETTINGS: readonly string[] = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00', autocommit = 1, innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
  // Otherwise the server may cut results, reject statements, or disconnect after a commit.
  `SET SESSION sql_select_limit = ${ALL_ROWS}, sql_big_selects = 1, sql_safe_updates = 0, unique_checks = 1, completion_type = 0`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE',
];

/**
 * Returns the statement that replaces the defaults of one kind of server in a new session.
 *
 * @param limitMs - Maximum duration of a statement that reads; 0 for no limit.
 */
export function serverSettings({ product }: MysqlServer, limitMs: number): string {
  if (product === 'MariaDB') return `SET SESSION max_statement_time = ${limitMs / 1000}`;
  // By default, MySQL reports table sizes that are up to a day old.
  const settings = `SET SESSION max_execution_time = ${limitMs}, information_schema_stats_expiry = 0`;
  // Optimistic transactions do not wait for a lock, but fail at the commit.
  return product === 'TiDB' ? `${settings}, tidb_txn_mode = 'pessimistic'` : settings;
}
