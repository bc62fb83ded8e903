import { VigilantError } from '@vigilant/core';
import type { SqliteConnection } from '../sqlite/driver';
import type { ReadOnlyDatabase } from '../sqlite/open-read-only';

/** Manages the connection of a read-only store: opens it on demand, and again once its files have changed. */
export class ReadOnlyConnection {
  readonly #open: () => ReadOnlyDatabase;
  /** Identifies errors after which a connection cannot be trusted. */
  readonly #isBroken: (error: unknown) => boolean;
  #database: ReadOnlyDatabase | undefined;
  #running = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(open: () => ReadOnlyDatabase, isBroken: (error: unknown) => boolean) {
    this.#open = open;
    this.#isBroken = isBroken;
  }

  /** Whether a long call has to end early. */
  get isInterrupted(): boolean {
    return this.#isClosed || this.#isStale();
  }

  /** Runs a call. Before the files are opened again, it waits until the running calls have ended. */
  async read<T>(work: (connection: SqliteConnection) => T | Promise<T>): Promise<T> {
    while (this.#running > 0 && this.#isStale())
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work(this.#connect());
    } catch (error) {
      if (this.#isClosed) throw closed();
      if (this.#isBroken(error)) this.#disconnect();
      throw error;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) for (const resume of this.#waiting.splice(0)) resume();
    }
  }

  /** Closes the connection at once and rejects all further calls. */
  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  #connect(): SqliteConnection {
    if (this.#isClosed) throw closed();
    if (this.#running === 1 && this.#isStale()) this.#disconnect();
    this.#database ??= this.#open();
    return this.#database.connection;
  }

  #disconnect(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #isStale(): boolean {
    return this.#database?.isStale() === true;
  }
}

function closed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The SQLite store was closed during the call.');
}
