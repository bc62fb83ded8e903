import type {
  AdapterContext,
  AppendResult,
  DocumentStore,
  Event,
  EventPage,
  EventQuery,
  PruneResult,
  RetentionPolicy,
  Store,
  StoredEvent,
  StoreStatus,
} from '@vigilant/core';
import { checkContext, checkRetentionPolicy, sharedSignal } from '@vigilant/core/adapter';
import { append } from '../append/append';
import type { MysqlStoreOptions, ResolvedMysqlOptions } from '../connection/mysql-options';
import { resolveMysqlOptions } from '../connection/mysql-options';
import { storeClosed, translateError } from '../connection/translate-error';
import { createDocuments } from '../documents/documents';
import { createStalenessCheck } from '../pool/staleness-check';
import { readState } from '../pool/store-state';
import type { StoreSessions } from '../pool/store-sessions';
import { createStoreSessions } from '../pool/store-sessions';
import { scan } from '../read/scan';
import { prune } from '../retention/prune';
import { prepareDatabase } from '../schema/prepare-database';
import { COLUMNS, idToSql, toStoredEvent } from '../sql/event-row';
import type { Tables } from '../sql/tables';
import { nameTables } from '../sql/tables';
import { readStatus } from './read-status';

/**
 * Creates a store in a MySQL or MariaDB database.
 *
 * `open` creates the database and its tables. Several processes may use them at once.
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 *
 * @example
 * const store = createMysqlStore({ url: 'mysql://vigilant:secret@127.0.0.1:3306/vigilant' });
 */
export function createMysqlStore(options: MysqlStoreOptions = {}): Store {
  return new MysqlStore(resolveMysqlOptions(options));
}

/** State of an open store. */
interface Opened {
  readonly context: AdapterContext;
  readonly sessions: StoreSessions;
  readonly running: Set<Promise<unknown>>;
  /** Removes the listener from the engine's signal. */
  readonly removeListener: () => void;
}

class MysqlStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' } as const);
  readonly documents: DocumentStore;
  readonly #options: ResolvedMysqlOptions;
  readonly #tables: Tables;
  /** Names the server in messages. */
  readonly #place: string;
  readonly #staleness = createStalenessCheck();
  #opening: { readonly closing: AbortController; readonly ended: Promise<unknown> } | undefined;
  #opened: Opened | undefined;
  #closing: Promise<void> | undefined;
  /** Why the last append failed; `undefined` if it succeeded. */
  #failureReason: string | undefined;

  constructor(options: ResolvedMysqlOptions) {
    this.#options = options;
    this.#tables = nameTables(options.tablePrefix);
    this.#place = `MySQL at ${options.socketPath ?? `${options.host}:${options.port}`}`;
    this.documents = createDocuments({
      tables: this.#tables,
      read: (work) => this.#run(({ sessions }) => sessions.read(work)),
      write: (work) => this.#run(({ sessions }) => sessions.write(work)),
      onWrite: (state) => this.#staleness.note(state),
    });
  }

  async open(context: AdapterContext): Promise<void> {
    checkContext(context);
    const closing = new AbortController();
    const opened = this.#open(context, AbortSignal.any([closing.signal, context.signal]));
    const ended = opened.catch(() => {}).then(() => (this.#opening = undefined));
    this.#closing = undefined;
    this.#opening = { closing, ended };
    await opened;
  }

  async #open(context: AdapterContext, signal: AbortSignal): Promise<void> {
    const options = this.#options;
    const tables = this.#tables;
    try {
      await prepareDatabase({ options, tables, context, signal });
      signal.throwIfAborted();
    } catch (error) {
      throw signal.aborted ? storeClosed() : translateError(error, this.#place);
    }
    const sessions = createStoreSessions({
      options,
      tables,
      context,
      staleness: this.#staleness,
      isEnded: () => this.#opened?.sessions !== sessions,
    });
    const onAbort = (): void => void sessions.close(true);
    // Operations that wait to retry listen to it as well.
    sharedSignal(context.signal)?.addEventListener('abort', onAbort, { once: true });
    const removeListener = (): void => context.signal.removeEventListener('abort', onAbort);
    this.#opened = { context, sessions, running: new Set(), removeListener };
  }

  append(batch: readonly Event[]): Promise<AppendResult> {
    return this.#run(async ({ sessions }) => {
      if (batch.length === 0) return { inserted: 0, duplicates: 0, conflicts: [] };
      try {
        const result = await append(
          {
            tables: this.#tables,
            write: (work) => sessions.write(work),
            onWrite: (state) => this.#staleness.note(state),
          },
          batch,
        );
        this.#failureReason = undefined;
        return result;
      } catch (error) {
        const translated = translateError(error, this.#place, true);
        const isStoreFault = !['VIGILANT_EVENT_REJECTED', 'VIGILANT_STORE_CLOSED'].includes(translated.code);
        if (isStoreFault) this.#failureReason = translated.message;
        throw translated;
      }
    });
  }

  get(id: string): Promise<StoredEvent | undefined> {
    return this.#run(async ({ sessions }) => {
      const [row] = await sessions.read((session) =>
        session.rows(`SELECT ${COLUMNS} FROM ${this.#tables.event} WHERE \`id\` = ?`, [idToSql(id)]),
      );
      return row === undefined ? undefined : toStoredEvent(row);
    });
  }

  query(query: EventQuery): Promise<EventPage> {
    const findPage = (opened: Opened): Promise<EventPage> =>
      scan(query, {
        tables: this.#tables,
        clock: opened.context.clock,
        readState: () => opened.sessions.readState((session) => readState(session, this.#tables)),
        use: (work) => opened.sessions.read(work),
        throwIfEnded: () => {
          if (this.#opened !== opened) throw storeClosed();
        },
      });
    return this.#run(findPage, query.signal);
  }

  status(): Promise<StoreStatus> {
    return this.#run(async ({ sessions }) => {
      const { status } = await sessions.readState((session) => readStatus(session, this.#tables));
      return this.#failureReason === undefined
        ? { ...status, state: 'ready' }
        : { ...status, state: 'degraded', reason: this.#failureReason };
    });
  }

  prune(policy: RetentionPolicy): Promise<PruneResult> {
    return this.#run(async (opened) => {
      checkRetentionPolicy(policy);
      return prune(policy, {
        tables: this.#tables,
        clock: opened.context.clock,
        read: (work) => opened.sessions.read(work),
        write: (work) => opened.sessions.write(work),
        isEnded: () => this.#opened !== opened,
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#opening !== undefined) {
      this.#opening.closing.abort();
      await this.#opening.ended;
    }
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    await Promise.allSettled(opened.running);
    await opened.sessions.close();
    opened.removeListener();
  }

  /** Runs an operation of an open store; `close` waits for it. */
  async #run<T>(operation: (opened: Opened) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const opened = this.#opened;
    if (opened === undefined) throw storeClosed();
    const running = operation(opened);
    opened.running.add(running);
    try {
      return await running;
    } catch (error) {
      // The caller expects the reason of its own signal.
      if (signal?.aborted === true && error === signal.reason) throw error;
      if (opened.context.signal.aborted) throw storeClosed();
      throw translateError(error, this.#place);
    } finally {
      opened.running.delete(running);
    }
  }
}
