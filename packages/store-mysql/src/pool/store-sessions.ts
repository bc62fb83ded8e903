import type { AdapterContext } from '@vigilant/core';
import { backOffMs, sleep } from '@vigilant/core/adapter';
import { isContention } from '../connection/driver-errors';
import type { SessionRole } from '../connection/driver-options';
import type { SessionWork } from '../connection/mysql-session';
import { connectSession } from '../connection/mysql-session';
import type { ResolvedMysqlOptions } from '../connection/mysql-options';
import type { Tables } from '../sql/tables';
import type { ConnectionPool } from './connection-pool';
import { createConnectionPool } from './connection-pool';
import type { StalenessCheck } from './staleness-check';
import { isBehind } from './staleness-check';
import type { StoreState } from './store-state';
import { readState } from './store-state';

/** Maximum attempts of a transaction that conflicts with another one, and the pauses between them, in milliseconds. */
const ATTEMPTS = 5;
const PAUSE = { firstMs: 20, maxMs: 500 };

/** Runs the work of an open store on its connections. */
export interface StoreSessions {
  /** Runs a read on a server that has the last write of this process. */
  read<T>(work: SessionWork<T>): Promise<T>;
  /** Runs a read of the state, which itself shows whether its server has the last write of this process. */
  readState<T extends StoreState>(read: SessionWork<T>): Promise<T>;
  /** Runs a write, one at a time, and retries it after a conflict with another transaction. */
  write<T>(work: SessionWork<T>): Promise<T>;
  /** Ends all connections. With `isAtOnce`, running work is rejected. */
  close(isAtOnce?: boolean): Promise<void>;
}

/** Dependencies of `StoreSessions`. */
export interface StoreSessionsParts {
  readonly options: ResolvedMysqlOptions;
  readonly tables: Tables;
  readonly context: AdapterContext;
  readonly staleness: StalenessCheck;
  /** Returns whether the store is closing. No work is retried then. */
  readonly isEnded: () => boolean;
}

/** Creates the sessions of a store. Connects on demand. */
export function createStoreSessions(parts: StoreSessionsParts): StoreSessions {
  return new PooledSessions(parts);
}

class PooledSessions implements StoreSessions {
  readonly #parts: StoreSessionsParts;
  readonly #readers: ConnectionPool;
  readonly #writer: ConnectionPool;

  constructor(parts: StoreSessionsParts) {
    this.#parts = parts;
    this.#readers = this.#createPool('reader', parts.options.maxConnections);
    this.#writer = this.#createPool('writer', 1);
  }

  #createPool(role: SessionRole, max: number): ConnectionPool {
    const { options, context } = this.#parts;
    const { clock } = context;
    return createConnectionPool({
      connect: (signal) => connectSession({ options, clock, role, signal }),
      max,
      monotonic: () => clock.monotonic(),
      onReadOnly: () => {
        this.#writer.retire();
        this.#readers.retire();
      },
    });
  }

  read<T>(work: SessionWork<T>): Promise<T> {
    const { staleness, tables } = this.#parts;
    return this.#read(async (session) => {
      await staleness.check(session, tables);
      return work(session);
    });
  }

  readState<T extends StoreState>(read: SessionWork<T>): Promise<T> {
    return this.#read((session) => this.#parts.staleness.readChecked(session, () => read(session)));
  }

  /**
   * Runs a read, and once more if its server lacks a write of this process. After a failover that lost writes, the server for
   * writing lacks them too, and its state becomes the expected one.
   */
  async #read<T>(work: SessionWork<T>): Promise<T> {
    try {
      return await this.#readers.use(work);
    } catch (error) {
      if (!isBehind(error)) throw error;
      const { staleness, tables } = this.#parts;
      staleness.note(await this.#writer.use((session) => readState(session, tables)));
      return this.#readers.use(work);
    }
  }

  async write<T>(work: SessionWork<T>): Promise<T> {
    const { context, isEnded } = this.#parts;
    const { clock, signal } = context;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#writer.use(work);
      } catch (error) {
        if (!isContention(error) || attempt >= ATTEMPTS || isEnded()) throw error;
        await sleep(clock, backOffMs(PAUSE, attempt, Math.random), signal, { keepAlive: true });
      }
    }
  }

  async close(isAtOnce = false): Promise<void> {
    await Promise.all([this.#writer.close(isAtOnce), this.#readers.close(isAtOnce)]);
  }
}
