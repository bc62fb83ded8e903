import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { VigilantError } from '@vigilant/core';
import {
  abortable,
  checkRetentionPolicy,
  compileToSql,
  createPageEvents,
  scanWindows,
  sleep,
  toVigilantError,
} from '@vigilant/core/adapter';
import type {
  AdapterContext,
  AppendResult,
  Event,
  EventPage,
  EventQuery,
  PruneResult,
  RetentionPolicy,
  Store,
  StoredEvent,
  StoreStatus,
} from '@vigilant/core';
import { DIALECT } from './dialect';
import { insert } from './insert';
import { pruneStep } from './prune';
import { readWindow } from './read-window';
import { SCHEMA, findEvent, readStatus } from './tables';

/** Creates a store in an SQLite file. Several processes can open it. */
export function createSqlStore(path: string): Store {
  return new SqlStore(path);
}

/** An open database and the services of the engine. */
interface Opened {
  readonly database: Database.Database;
  readonly context: AdapterContext;
}

class SqlStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' } as const);
  readonly #path: string;
  readonly #running = new Set<Promise<unknown>>();
  #opened: Opened | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async open(context: AdapterContext): Promise<void> {
    try {
      const database = new Database(this.#path, { timeout: 1_000 });
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.exec(SCHEMA);
      database.prepare('INSERT OR IGNORE INTO store VALUES (1, ?, 0, 0, 0, 0)').run(randomUUID());
      this.#opened = { database, context };
    } catch (error) {
      throw this.#translate(error);
    }
  }

  append(batch: readonly Event[]): Promise<AppendResult> {
    return this.#run(({ database }) => database.transaction(() => insert(database, batch)).immediate());
  }

  get(id: string): Promise<StoredEvent | undefined> {
    return this.#run(({ database }) => findEvent(database, id));
  }

  query(query: EventQuery): Promise<EventPage> {
    return this.#run(async ({ database, context }) => {
      // Read before the rows, so that the page contains every event up to its asOf.
      const { epoch, lastSequence } = readStatus(database);
      const condition = compileToSql(query.filter, DIALECT);
      const page = createPageEvents(query);
      const rest = await scanWindows(
        query,
        {
          clock: context.clock,
          epoch,
          lastSequence,
          isExact: condition.isExact,
          readWindow: (window) => readWindow(database, query, condition, window),
        },
        page,
      );
      return { ...rest, events: page.events };
    }, query.signal);
  }

  status(): Promise<StoreStatus> {
    return this.#run(({ database }) => readStatus(database));
  }

  prune({ signal, ...policy }: RetentionPolicy): Promise<PruneResult> {
    return this.#run(async ({ database, context: { clock } }) => {
      checkRetentionPolicy(policy);
      let deleted = 0;
      for (let from = 0; ;) {
        if (signal?.aborted === true) return { deleted, complete: false };
        const startedAt = clock.monotonic();
        const step = database.transaction(() => pruneStep(database, policy, from)).immediate();
        deleted += step.deleted;
        if (step.through === undefined) return { deleted, complete: true };
        from = step.through;
        // A pause as long as the step lets other processes write.
        await sleep(clock, clock.monotonic() - startedAt, undefined, { keepAlive: true });
      }
    });
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    const { signal } = opened.context;
    await abortable(Promise.allSettled(this.#running), signal).catch(() => {});
    opened.database.close();
  }

  /** Runs a call while the store is open. `close` waits for it, unless the engine aborts the signal of the context. */
  async #run<T>(work: (opened: Opened) => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    const opened = this.#opened;
    if (opened === undefined) throw closed();
    const call = (async () => work(opened))();
    this.#running.add(call);
    try {
      return await abortable(call, opened.context.signal);
    } catch (error) {
      // The caller of a query expects the reason of its own signal.
      if (signal?.aborted === true && error === signal.reason) throw error;
      if (this.#opened !== opened || opened.context.signal.aborted) throw closed();
      throw this.#translate(error);
    } finally {
      this.#running.delete(call);
    }
  }

  /** Every error of this database is a failure of the database: it rejects no event because of its content. */
  #translate(error: unknown): VigilantError {
    return toVigilantError(error, 'VIGILANT_STORE_UNAVAILABLE', `${this.#path} cannot be used`);
  }
}

function closed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The store is not open. Call open() first.');
}
