import type { Clock } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { connect } from './connect';
import { isReadOnly, withoutContent } from './driver-errors';
import type { ResolvedMysqlOptions } from './mysql-options';
import type { SqlRow } from '../sql/event-row';
import type { Server } from './server-check';
import { checkServer, readServer } from './server-check';
import type { SqlParameter } from '../sql/sql-text';
import { bind } from '../sql/sql-text';
import { transportOf } from './transport';

/** Time after the limit of a statement before its connection is destroyed, in milliseconds. */
const SILENCE_MS = 5_000;

/** How long a write waits for a lock of another transaction, in seconds. */
const LOCK_WAIT_SECONDS = 10;

/**
 * How long the server waits for the next part of a transaction before it rolls the transaction back, in seconds. A process
 * that is frozen or has lost its network holds its locks for this long, not for the 8 hours of the default `wait_timeout`.
 */
const TRANSACTION_IDLE_SECONDS = 4;

const BEGIN = [`SET SESSION wait_timeout = ${TRANSACTION_IDLE_SECONDS}`, 'START TRANSACTION'];

const SQL_MODE = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION';

/** The answer to one of several statements: its rows, or the number of changed rows. */
export type Answer = readonly SqlRow[] | { readonly affectedRows: number };

/** Parameters of `Session.connect`. */
export interface SessionSetting {
  readonly options: ResolvedMysqlOptions;
  readonly clock: Clock;
  /**
   * Statements of a reader end after `statementTimeoutMs`; those of a writer have no limit. Only a writer may send several
   * statements at once.
   */
  readonly role: 'reader' | 'writer';
  /** @defaultValue that of the options */
  readonly database?: string | undefined;
  /** Destroys the connection while it is being set up. */
  readonly signal?: AbortSignal;
}

/** A connection with defined session settings. */
export class Session {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  #server: Server | undefined;
  #lost: Error | undefined;
  /** Ends the wait for a statement whose connection is given up. */
  #abandon: ((reason: Error) => void) | undefined;

  private constructor(connection: Connection, { clock, options }: SessionSetting) {
    this.#connection = connection;
    this.#clock = clock;
    this.#silenceMs = options.statementTimeoutMs + LOCK_WAIT_SECONDS * 1000 + SILENCE_MS;
    // Without a listener the loss of an idle connection would end the process.
    connection.on('error', (error: Error) => (this.#lost ??= error));
    connection.on('end', () => (this.#lost ??= connectionLost()));
  }

  /** Connects and sets the session variables that this package relies on. */
  static async connect(setting: SessionSetting): Promise<Session> {
    const { options, role, signal } = setting;
    const { user, password } = options;
    const database = setting.database ?? options.database;
    const config = {
      ...transportOf(options),
      ...(database === '' ? {} : { database }),
      ...(password === undefined ? {} : { password }),
      user,
      charset: 'UTF8MB4_BIN',
      supportBigNumbers: true,
      bigNumberStrings: true,
      rowsAsArray: true,
      multipleStatements: role === 'writer',
      // Without FOUND_ROWS, only changed rows are counted, which distinguishes new events from duplicates.
      flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
    };
    const session = new Session(await connect(config, signal), setting);
    const onAbort = (): void => session.destroy();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      signal?.throwIfAborted();
      await session.run('SET NAMES utf8mb4 COLLATE utf8mb4_bin');
      await session.run(
        `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00', autocommit = 1, innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
      );
      await session.run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
      const server = await readServer((sql) => session.rows(sql));
      checkServer(server);
      session.#server = server;
      if (role === 'reader')
        await session.run(
          server.isMariadb
            ? `SET SESSION max_statement_time = ${options.statementTimeoutMs / 1000}`
            : // By default, the sizes of tables are up to a day old.
              `SET SESSION max_execution_time = ${options.statementTimeoutMs}, information_schema_stats_expiry = 0`,
        );
    } catch (error) {
      session.destroy();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    return session;
  }

  /** Version and settings of the server. */
  get server(): Server {
    if (this.#server === undefined) throw new Error('The session is not set up yet.');
    return this.#server;
  }

  /** Whether the connection can no longer be used. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Reads rows. */
  async rows(sql: string, parameters: readonly SqlParameter[] = []): Promise<readonly SqlRow[]> {
    return (await this.#ask(bind(sql, parameters))) as unknown as readonly SqlRow[];
  }

  /** Runs a statement; resolves to the number of changed rows. */
  async run(sql: string, parameters: readonly SqlParameter[] = []): Promise<number> {
    return ((await this.#ask(bind(sql, parameters))) as ResultSetHeader).affectedRows;
  }

  /** Updates the only row of a table; resolves to the value of its `LAST_INSERT_ID(...)`. */
  async nextNumber(sql: string): Promise<number> {
    return ((await this.#ask(sql)) as ResultSetHeader).insertId;
  }

  /**
   * Runs statements in one transaction and resolves to the answers.
   *
   * Each part is sent in one round trip, the last one together with the commit; at least one part is required. A transaction of
   * one part therefore never holds a lock while the server waits for this process. The server rolls a transaction of several parts
   * back when the next part takes longer than 4 s.
   */
  async transaction(parts: Iterable<readonly string[]>): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    let pending: readonly string[] = [];
    let isBegun = false;
    try {
      for (const part of parts) {
        if (isBegun) answers.push(...(await this.#askAll(pending)));
        pending = isBegun ? part : [...BEGIN, ...part];
        isBegun = true;
      }
      answers.push(...(await this.#askAll([...pending, 'COMMIT', this.#untimed])));
      return answers.slice(BEGIN.length, -2);
    } catch (error) {
      if (!this.isLost) await this.#askAll(['ROLLBACK', this.#untimed]).catch(() => this.destroy());
      throw error;
    }
  }

  /** The statement that restores the time limit of an idle connection. */
  get #untimed(): string {
    return `SET SESSION wait_timeout = ${this.server.waitTimeoutSeconds}`;
  }

  /** Sets whether the connection is idle. An idle connection does not keep the process alive. */
  setIdle(isIdle: boolean): void {
    const { stream } = (
      this.#connection as unknown as { connection: { stream?: { ref(): void; unref(): void } } }
    ).connection;
    if (isIdle) stream?.unref();
    else stream?.ref();
  }

  /** Closes the connection cleanly. */
  async end(): Promise<void> {
    if (this.isLost) return this.destroy();
    this.#lost = connectionLost();
    await this.#connection.end().catch(() => this.#connection.destroy());
  }

  /** Destroys the connection and rejects its running statement. */
  destroy(reason: Error = connectionLost()): void {
    this.#lost ??= reason;
    this.#connection.destroy();
    this.#abandon?.(reason);
  }

  /** Sends several statements at once; the server stops at the first that fails. */
  async #askAll(statements: readonly string[]): Promise<readonly Answer[]> {
    const answer: unknown = await this.#ask(statements.join(';'));
    return statements.length === 1 ? [answer as Answer] : (answer as readonly Answer[]);
  }

  async #ask(sql: string): Promise<RowDataPacket[] | ResultSetHeader> {
    if (this.#lost !== undefined) throw this.#lost;
    const abandoned = new Promise<never>((_, reject) => (this.#abandon = reject));
    const watch = this.#clock.after(this.#silenceMs, () => this.destroy(connectionLost()));
    try {
      // With a list of values, even an empty one, mysql2 searches the whole statement for placeholders.
      const answer = this.#connection.query<RowDataPacket[] | ResultSetHeader>(sql, null);
      const [result] = await Promise.race([answer, abandoned]);
      return result;
    } catch (error) {
      // Otherwise, after a switchover, the session would stay on the demoted server.
      if ((error as { fatal?: boolean }).fatal === true || isReadOnly(error)) this.#lost ??= error as Error;
      throw withoutContent(error);
    } finally {
      watch.cancel();
      this.#abandon = undefined;
    }
  }
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection was lost.'), {
    code: 'PROTOCOL_CONNECTION_LOST',
    fatal: true,
  });
}

/** Creates the error of a store that is not open. */
export function closed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The MySQL store is not open; call open() first.');
}
