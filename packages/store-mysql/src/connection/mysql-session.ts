import type { Clock } from '@vigilant/core';
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { SqlParameter, SqlRow } from '../sql/sql-text';
import { bind } from '../sql/sql-text';
import { connect } from './connect';
import { connectionLost, isReadOnly, withoutContent } from './driver-errors';
import type { SessionRole } from './driver-options';
import { driverOptions } from './driver-options';
import type { ResolvedMysqlOptions } from './mysql-options';
import type { MysqlServer } from './server-check';
import { checkServer, readServer } from './server-check';
import {
  LOCK_WAIT_SECONDS,
  SESSION_SETTINGS,
  TRANSACTION_IDLE_SECONDS,
  serverSettings,
} from './session-settings';

/** Time after the limit of a statement before its connection is destroyed, in milliseconds. */
const SILENCE_MS = 5_000;

/** Maximum duration of a statement of a writer, without waiting for locks, in milliseconds. */
const WRITE_MS = 30_000;

const BEGIN = [`SET SESSION wait_timeout = ${TRANSACTION_IDLE_SECONDS}`, 'START TRANSACTION'];

/** The answer to one of several statements: its rows, or the number of changed rows. */
export type Answer = readonly SqlRow[] | { readonly affectedRows: number };

/** Work on a session. It must be repeatable, because it runs again on another session if the connection is lost. */
export type SessionWork<T> = (session: MysqlSession) => Promise<T>;

/** Runs work on a session. */
export type UseSession = <T>(work: SessionWork<T>) => Promise<T>;

/** A connection with defined session settings, used by one operation at a time. */
export interface MysqlSession {
  /** Version and settings of the server. */
  readonly server: MysqlServer;
  /** Whether the connection can no longer be used. */
  readonly isLost: boolean;
  /** Reads rows. */
  rows(sql: string, parameters?: readonly SqlParameter[]): Promise<readonly SqlRow[]>;
  /** Runs a statement; resolves to the number of changed rows. */
  run(sql: string, parameters?: readonly SqlParameter[]): Promise<number>;
  /** Updates the only row of a table; resolves to the value of its `LAST_INSERT_ID(...)`. */
  nextNumber(sql: string): Promise<number>;
  /**
   * Runs statements in one transaction and resolves to their answers.
   *
   * Each part is sent in one round trip, the last one together with the commit; at least one part is required. A transaction of
   * one part therefore never holds a lock while the server waits for this process. The server rolls a transaction of several parts
   * back if the next part takes longer than 4 s.
   */
  transaction(parts: Iterable<readonly string[]>): Promise<readonly Answer[]>;
  /** Sets whether the connection is idle. An idle connection does not keep the process alive. */
  setIdle(isIdle: boolean): void;
  /** Closes the connection cleanly. */
  end(): Promise<void>;
  /** Destroys the connection and rejects its running statement. */
  destroy(reason?: Error): void;
}

/** Parameters of `connectSession`. */
export interface SessionParameters {
  readonly options: ResolvedMysqlOptions;
  readonly clock: Clock;
  readonly role: SessionRole;
  /** Empty to select none. @defaultValue that of the options */
  readonly database?: string;
  /** Destroys the connection while it is being set up. */
  readonly signal?: AbortSignal;
}

/** Connects and sets the session variables that this package relies on. */
export async function connectSession(parameters: SessionParameters): Promise<MysqlSession> {
  const { options, role, signal } = parameters;
  const { database = options.database } = parameters;
  const session = new DriverSession(
    await connect(driverOptions(options, role, database), signal),
    parameters,
  );
  const onAbort = (): void => session.destroy();
  signal?.addEventListener('abort', onAbort, { once: true });
  // The limit of the driver ends with the handshake.
  const timer = parameters.clock.after(options.connectTimeoutMs, () => session.destroy());
  try {
    signal?.throwIfAborted();
    await session.setUp(parameters);
  } catch (error) {
    session.destroy();
    throw error;
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', onAbort);
  }
  return session;
}

class DriverSession implements MysqlSession {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  #server: MysqlServer | undefined;
  #lost: Error | undefined;
  /** Rejects the running statement when the connection is destroyed. */
  #rejectStatement: ((reason: Error) => void) | undefined;

  constructor(connection: Connection, { clock, options, role }: SessionParameters) {
    this.#connection = connection;
    this.#clock = clock;
    const limitMs = role === 'reader' ? options.statementTimeoutMs : WRITE_MS;
    this.#silenceMs = limitMs + LOCK_WAIT_SECONDS * 1000 + SILENCE_MS;
    // Without a listener, the loss of an idle connection would end the process.
    connection.on('error', (error: Error) => (this.#lost ??= error));
    connection.on('end', () => (this.#lost ??= connectionLost()));
  }

  /** Sets the session variables, and checks the server. */
  async setUp({ options, role }: SessionParameters): Promise<void> {
    for (const statement of SESSION_SETTINGS) await this.run(statement);
    const server = await readServer((sql) => this.rows(sql));
    checkServer(server);
    this.#server = server;
    await this.run(serverSettings(server, role === 'reader' ? options.statementTimeoutMs : 0));
  }

  get server(): MysqlServer {
    if (this.#server === undefined) throw new Error('The session is not set up yet.');
    return this.#server;
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  async rows(sql: string, parameters: readonly SqlParameter[] = []): Promise<readonly SqlRow[]> {
    return (await this.#send(bind(sql, parameters))) as unknown as readonly SqlRow[];
  }

  async run(sql: string, parameters: readonly SqlParameter[] = []): Promise<number> {
    return ((await this.#send(bind(sql, parameters))) as ResultSetHeader).affectedRows;
  }

  async nextNumber(sql: string): Promise<number> {
    return ((await this.#send(sql)) as ResultSetHeader).insertId;
  }

  async transaction(parts: Iterable<readonly string[]>): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    let pending: readonly string[] = [];
    let isBegun = false;
    try {
      for (const part of parts) {
        if (isBegun) answers.push(...(await this.#sendAll(pending)));
        pending = isBegun ? part : [...BEGIN, ...part];
        isBegun = true;
      }
      answers.push(...(await this.#sendAll([...pending, 'COMMIT', this.#restoreTimeout])));
      return answers.slice(BEGIN.length, -2);
    } catch (error) {
      if (!this.isLost) await this.#sendAll(['ROLLBACK', this.#restoreTimeout]).catch(() => this.destroy());
      throw error;
    }
  }

  /** The statement that restores the time limit of an idle connection. */
  get #restoreTimeout(): string {
    return `SET SESSION wait_timeout = ${this.server.waitTimeoutSeconds}`;
  }

  setIdle(isIdle: boolean): void {
    const { stream } = (
      this.#connection as unknown as { connection: { stream?: { ref(): void; unref(): void } } }
    ).connection;
    if (isIdle) stream?.unref();
    else stream?.ref();
  }

  async end(): Promise<void> {
    if (this.isLost) return this.destroy();
    this.#lost = connectionLost();
    await this.#connection.end().catch(() => this.#connection.destroy());
  }

  destroy(reason: Error = connectionLost()): void {
    this.#lost ??= reason;
    this.#connection.destroy();
    this.#rejectStatement?.(reason);
  }

  /** Sends several statements at once; the server stops at the first that fails. */
  async #sendAll(statements: readonly string[]): Promise<readonly Answer[]> {
    const answer: unknown = await this.#send(statements.join(';'));
    return statements.length === 1 ? [answer as Answer] : (answer as readonly Answer[]);
  }

  async #send(sql: string): Promise<RowDataPacket[] | ResultSetHeader> {
    if (this.#lost !== undefined) throw this.#lost;
    const destroyed = new Promise<never>((_, reject) => (this.#rejectStatement = reject));
    const timer = this.#clock.after(this.#silenceMs, () => this.destroy(connectionLost()));
    try {
      // With a list of values, even an empty one, mysql2 searches the whole statement for placeholders.
      const answer = this.#connection.query<RowDataPacket[] | ResultSetHeader>(sql, null);
      const [result] = await Promise.race([answer, destroyed]);
      return result;
    } catch (error) {
      // Otherwise, after a switchover, the session would stay on the demoted server.
      if ((error as { fatal?: boolean }).fatal === true || isReadOnly(error)) this.#lost ??= error as Error;
      throw withoutContent(error);
    } finally {
      timer.cancel();
      this.#rejectStatement = undefined;
    }
  }
}
