import { VigilantError } from '@vigilant/core';
import type { SqliteConnection } from '../sqlite/driver';
import { scalar } from '../sqlite/transaction';
import type { LogChange } from './store-protocol';
import type { FileChangedError } from '../sqlite/database-files';
import { DatabaseFiles, checkDatabase } from '../sqlite/database-files';

/** Dependencies of a `StoreConnection`. */
export interface StoreConnectionOptions {
  readonly path: string;
  /** The identity of the database file. */
  readonly database: string;
  readonly connect: () => SqliteConnection;
  /** Identifies errors after which a connection cannot be trusted. */
  readonly isBroken: (error: unknown) => boolean;
  /** Called when the write-ahead log was replaced or truncated. Every thread must release its connection before any resumes. */
  readonly onLogChanged: (change: LogChange) => void;
  /** Called with the first connection after the write-ahead log was replaced or truncated. */
  readonly onReopened: (connection: SqliteConnection, isTruncated: boolean) => void;
}

/** The open connection of a thread. */
interface OpenConnection {
  readonly connection: SqliteConnection;
  readonly files: DatabaseFiles;
}

/**
 * Manages the connection of one thread of the store.
 *
 * The connection is opened on demand, and again after I/O errors. Before and after each call, the files are compared with
 * those that were opened; see `DatabaseFiles`:
 *
 * - While the database file is missing, and after it was truncated, the store rejects every call.
 * - If another process deleted or truncated the write-ahead log, the database is opened again. The connections of a process share the
 *   index of the log, so all of them are closed first. Calls wait until then.
 */
export class StoreConnection {
  readonly #options: StoreConnectionOptions;
  #opened: OpenConnection | undefined;
  #running = 0;
  #isClosed = false;
  /** Set from `release` until the connection is open again. */
  #reopening: LogChange | undefined;
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #onIdle = (): void => {};

  constructor(options: StoreConnectionOptions) {
    this.#options = options;
  }

  /** Why the database file cannot be used; `undefined` while it can. */
  get reason(): string | undefined {
    const change = this.#change();
    return change?.subject === 'database' ? change.message : undefined;
  }

  /** Whether a long call has to end early. */
  get isInterrupted(): boolean {
    return this.#isClosed || this.#pause !== undefined || this.isReplaced;
  }

  /** Whether the files are no longer those that were opened. */
  get isReplaced(): boolean {
    return this.#change() !== undefined;
  }

  /** Runs a call. */
  read<T>(work: (connection: SqliteConnection) => T | Promise<T>): Promise<T> {
    return this.#run(work, (change) => {
      if (change?.subject === 'database') throw change;
    });
  }

  /** Runs a call even while the database file is missing. */
  readAnyway<T>(work: (connection: SqliteConnection) => T | Promise<T>): Promise<T> {
    return this.#run(work, () => {});
  }

  /** Runs a call that writes, and rejects if it wrote to files that were moved, replaced or deleted. */
  write<T>(work: (connection: SqliteConnection) => T | Promise<T>): Promise<T> {
    return this.read(async (connection) => {
      const files = this.#opened?.files;
      const result = await work(connection);
      files?.checkWritten();
      return result;
    });
  }

  /** Opens the files again if the write-ahead log was replaced or truncated. */
  refresh(): void {
    if (this.#pause !== undefined || this.#isClosed) return;
    const change = this.#change();
    if (change === undefined || change.subject === 'database') return;
    this.#pauseCalls();
    this.#options.onLogChanged({ isTruncated: change.subject === 'truncated' });
  }

  /** Closes the connection once the running calls have ended; new calls wait until `resume`. */
  async release({ isTruncated }: LogChange): Promise<void> {
    this.#pauseCalls();
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#disconnect();
    this.#reopening = { isTruncated: isTruncated || this.#reopening?.isTruncated === true };
  }

  /** Opens the connection again after `release`, and runs the waiting calls. */
  async resume(): Promise<void> {
    this.#endPause();
    await this.read(() => {});
  }

  /** Closes the connection at once and rejects all further calls. */
  close(): void {
    this.#isClosed = true;
    this.#endPause();
    this.#disconnect();
  }

  async #run<T>(
    work: (connection: SqliteConnection) => T | Promise<T>,
    check: (change: FileChangedError | undefined) => void,
  ): Promise<T> {
    this.refresh();
    while (this.#pause !== undefined) await this.#pause.over;
    this.#running += 1;
    try {
      if (this.#isClosed) throw closed();
      check(this.#change());
      return await work(this.#connect());
    } catch (error) {
      if (this.#isClosed) throw closed();
      // A truncated database must not be opened again, because it may look like a new one.
      if (this.#options.isBroken(error) && this.reason === undefined) this.#disconnect();
      throw error;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle();
    }
  }

  #connect(): SqliteConnection {
    if (this.#opened !== undefined) return this.#opened.connection;
    const { path, database, connect, onReopened } = this.#options;
    checkDatabase(path, database);
    const connection = connect();
    try {
      // The first read opens the log.
      scalar(connection, 'PRAGMA user_version');
      const files = new DatabaseFiles(connection, path, database);
      if (this.#reopening !== undefined) onReopened(connection, this.#reopening.isTruncated);
      this.#reopening = undefined;
      this.#opened = { connection, files };
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #disconnect(): void {
    this.#opened?.files.close();
    this.#opened = undefined;
  }

  #change(): FileChangedError | undefined {
    return this.#opened?.files.findChange();
  }

  #pauseCalls(): void {
    if (this.#pause !== undefined) return;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#pause = { over, end };
  }

  #endPause(): void {
    this.#pause?.end();
    this.#pause = undefined;
  }
}

function closed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The SQLite store was closed during the call.');
}
