import type { Clock } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { isContention } from '../connection/driver-errors';
import type { MysqlSession } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';

/** How long the server keeps the lock of a process that is frozen or has lost its network, in seconds. */
const IDLE_SECONDS = 30;

/** Maximum time to wait for another migrating server, in milliseconds. */
const MAX_WAIT_MS = 60_000;

/** The version of the row that is the lock. No schema has it. */
const LOCK_VERSION = -1;

/** The lock of a server that migrates. */
export interface MigrationLock {
  /** Rejects if the lock was lost. */
  check(): Promise<void>;
}

/** Parameters of `withMigrationLock`. */
export interface MigrationLockParts {
  /** Holds the lock, so the work must use another session: a statement that changes the schema would release the lock. */
  readonly session: MysqlSession;
  readonly tables: Tables;
  readonly database: string;
  readonly clock: Clock;
}

/**
 * Runs work while no other server migrates the same tables.
 *
 * The lock is a row that is inserted and never committed. `GET_LOCK` is not used, because Percona XtraDB Cluster rejects it.
 *
 * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE` if another server holds the lock for too long
 */
export async function withMigrationLock(
  parts: MigrationLockParts,
  work: (lock: MigrationLock) => Promise<void>,
): Promise<void> {
  const { session } = parts;
  // Not reset, because the connection ends when the database is prepared.
  await session.run(`SET SESSION wait_timeout = ${IDLE_SECONDS}`);
  await acquire(parts);
  try {
    await work({
      async check() {
        await session.run('DO 1');
      },
    });
  } finally {
    // The server also releases the lock when the connection ends.
    await session.run('ROLLBACK').catch(() => {});
  }
}

async function acquire({ session, tables, database, clock }: MigrationLockParts): Promise<void> {
  const deadline = clock.monotonic() + MAX_WAIT_MS;
  for (;;) {
    await session.run('START TRANSACTION');
    try {
      await session.run(`INSERT INTO ${tables.schema} VALUES (${LOCK_VERSION})`);
      return;
    } catch (error) {
      await session.run('ROLLBACK');
      if (!isContention(error)) throw error;
    }
    if (clock.monotonic() >= deadline)
      throw new VigilantError(
        'VIGILANT_STORE_UNAVAILABLE',
        `Another server has been migrating the tables of ${database} for ${MAX_WAIT_MS / 1000} s. Try again later.`,
      );
  }
}
