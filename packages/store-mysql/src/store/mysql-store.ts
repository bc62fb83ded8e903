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
import { backOffMs, checkRetentionPolicy, sleep } from '@vigilant/core/adapter';
import { append } from '../append/append';
import { Connections } from '../pool/connection-pool';
import { createDocuments } from '../documents/documents';
import { isBehind, isContention, translateError } from '../connection/driver-errors';
import { prepareDatabase } from '../schema/prepare-database';
import type { MysqlStoreOptions, ResolvedMysqlOptions } from '../connection/mysql-options';
import { resolveMysqlOptions } from '../connection/mysql-options';
import { Progress, readState } from '../pool/staleness-check';
import { prune } from '../retention/prune';
import { COLUMNS, idToSql, toStoredEvent } from '../sql/event-row';
import { scan } from '../read/scan';
import { Session, closed } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';
import { nameTables } from '../sql/tables';

/** Maximum attempts of a transaction that conflicts with another one, and the pauses between them, in milliseconds. */
const ATTEMPTS = 5;
const PAUSE = { firstMs: 20, maxMs: 500 };

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
  readonly writer: Connections;
  readonly readers: Connections;
  readonly running: Set<Promise<unknown>>;
  /** Removes the listener from the engine's signal. */
  readonly forget: () => void;
}

class MysqlStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' } as const);
  readonly documents: DocumentStore;
  readonly #options: ResolvedMysqlOptions;
  readonly #tables: Tables;
  /** Names the server in messages. */
  readonly #place: string;
  #opening: { readonly closing: AbortController; readonly ended: Promise<unknown> } | undefined;
  #opened: Opened | undefined;
  #closing: Promise<void> | undefined;
  /** Why the last append failed; `undefined` if it succeeded. */
  #failureReason: string | undefined;
  readonly #progress = new Progress();

  constructor(options: ResolvedMysqlOptions) {
    this.#options = options;
    this.#tables = nameTables(options.tablePrefix);
    this.#place = `MySQL at ${options.socketPath ?? `${options.host}:${options.port}`}`;
    this.documents = createDocuments({
      tables: this.#tables,
      read: (work) => this.#work((opened) => this.#readChecked(opened, work)),
      write: (work) => this.#work((opened) => this.#write(opened, work)),
    });
  }

  async open(context: AdapterContext): Promise<void> {
    const closing = new AbortController();
    const opened = this.#start(context, AbortSignal.any([closing.signal, context.signal]));
    const ended = opened.catch(() => {}).then(() => (this.#opening = undefined));
    this.#closing = undefined;
    this.#opening = { closing, ended };
    await opened;
  }

  async #start(context: AdapterContext, signal: AbortSignal): Promise<void> {
    const [options, tables] = [this.#options, this.#tables];
    try {
      await prepareDatabase({ options, tables, context, signal });
      signal.throwIfAborted();
    } catch (error) {
      throw signal.aborted ? closed() : translateError(error, this.#place);
    }
    const { clock } = context;
    const connections = (role: 'reader' | 'writer', max: number): Connections =>
      new Connections({
        connect: (signal) => Session.connect({ options, clock, role, signal }),
        max,
        monotonic: () => clock.monotonic(),
        onReadOnly: retire,
      });
    const retire = (): void => {
      writer.retire();
      readers.retire();
    };
    const [writer, readers] = [connections('writer', 1), connections('reader', options.maxConnections)];
    const giveUp = (): void => void Promise.all([writer.close(true), readers.close(true)]);
    context.signal.addEventListener('abort', giveUp, { once: true });
    const forget = (): void => context.signal.removeEventListener('abort', giveUp);
    this.#opened = { context, writer, readers, running: new Set(), forget };
  }

  append(batch: readonly Event[]): Promise<AppendResult> {
    return this.#work(async (opened) => {
      if (batch.length === 0) return { inserted: 0, duplicates: 0, conflicts: [] };
      try {
        const write = <T>(work: (session: Session) => Promise<T>): Promise<T> => this.#write(opened, work);
        const appended = await append({ tables: this.#tables, write }, batch);
        this.#progress.note(appended);
        this.#failureReason = undefined;
        const { inserted, duplicates, conflicts } = appended;
        return { inserted, duplicates, conflicts };
      } catch (error) {
        const translated = translateError(error, this.#place, true);
        const isOurs = !['VIGILANT_EVENT_REJECTED', 'VIGILANT_STORE_CLOSED'].includes(translated.code);
        if (isOurs) this.#failureReason = translated.message;
        throw translated;
      }
    });
  }

  get(id: string): Promise<StoredEvent | undefined> {
    return this.#work(async (opened) => {
      const [row] = await this.#readChecked(opened, (session) =>
        session.rows(`SELECT ${COLUMNS} FROM ${this.#tables.event} WHERE \`id\` = ?`, [idToSql(id)]),
      );
      return row === undefined ? undefined : toStoredEvent(row);
    });
  }

  query(query: EventQuery): Promise<EventPage> {
    const scanning = (opened: Opened): Promise<EventPage> =>
      scan(query, {
        tables: this.#tables,
        clock: opened.context.clock,
        readState: () =>
          this.#read(opened, (session) =>
            this.#progress.checked(session, () => readState(session, this.#tables)),
          ),
        use: (work) => this.#readChecked(opened, work),
        throwIfEnded: () => {
          if (this.#opened !== opened) throw closed();
        },
      });
    return this.#work(scanning, query.signal);
  }

  status(): Promise<StoreStatus> {
    return this.#work(async (opened) => {
      const status = await this.#read(opened, (session) =>
        this.#progress.checked(session, () => readStatus(session, this.#tables)),
      );
      return this.#failureReason === undefined
        ? { ...status, state: 'ready' }
        : { ...status, state: 'degraded', reason: this.#failureReason };
    });
  }

  prune(policy: RetentionPolicy): Promise<PruneResult> {
    return this.#work(async (opened) => {
      checkRetentionPolicy(policy);
      return prune(policy, {
        tables: this.#tables,
        clock: opened.context.clock,
        read: (work) => this.#readChecked(opened, work),
        write: (work) => this.#write(opened, work),
        isEnded: () => this.#opened !== opened,
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      if (this.#opening !== undefined) {
        this.#opening.closing.abort();
        await this.#opening.ended;
      }
      const opened = this.#opened;
      this.#opened = undefined;
      if (opened === undefined) return;
      await Promise.allSettled(opened.running);
      await opened.writer.close();
      await opened.readers.close();
      opened.forget();
    })();
    return this.#closing;
  }

  /** Runs work of an open store; `close` waits for it. */
  async #work<T>(work: (opened: Opened) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const opened = this.#opened;
    if (opened === undefined) throw closed();
    const running = work(opened);
    opened.running.add(running);
    try {
      return await running;
    } catch (error) {
      // The caller expects the reason of its own signal.
      if (signal?.aborted === true && error === signal.reason) throw error;
      if (opened.context.signal.aborted) throw closed();
      throw translateError(error, this.#place);
    } finally {
      opened.running.delete(running);
    }
  }

  /**
   * Runs a read, and once more if its server lacks stored events. After a failover that lost events, the server for writing lacks
   * them too, and its state becomes the expected one.
   */
  async #read<T>({ readers, writer }: Opened, work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await readers.use(work);
    } catch (error) {
      if (!isBehind(error)) throw error;
      this.#progress.note(await writer.use((session) => readState(session, this.#tables)));
      return readers.use(work);
    }
  }

  /** Runs a read on a server that has the last append of this process. */
  #readChecked<T>(opened: Opened, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#read(opened, async (session) => {
      await this.#progress.check(session, this.#tables);
      return work(session);
    });
  }

  /** Runs a write, and retries it after a conflict with another transaction. */
  async #write<T>(opened: Opened, work: (session: Session) => Promise<T>): Promise<T> {
    const { clock, signal } = opened.context;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await opened.writer.use(work);
      } catch (error) {
        if (!isContention(error) || attempt >= ATTEMPTS || this.#opened !== opened) throw error;
        await sleep(clock, backOffMs(PAUSE, attempt, Math.random), signal, { keepAlive: true });
      }
    }
  }
}

async function readStatus(session: Session, { store, prefix }: Tables): Promise<Omit<StoreStatus, 'state'>> {
  const [row = []] = await session.rows(
    `SELECT \`epoch\`, \`events\`, \`last_sequence\`, \`pruned_through\` FROM ${store}`,
  );
  const [size = []] = await session.rows(
    `SELECT SUM(data_length + index_length) FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_name IN (?)`,
    [['event', 'store', 'document', 'document_part'].map((name) => prefix + name)],
  );
  const [epoch, events, lastSequence, prunedThrough] = row;
  return {
    epoch: String(epoch),
    events: Number(events),
    lastSequence: Number(lastSequence),
    prunedThrough: Number(prunedThrough),
    bytes: Number(size[0]),
  };
}
