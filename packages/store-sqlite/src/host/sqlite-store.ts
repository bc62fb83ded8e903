import type {
  AdapterContext,
  AppendResult,
  DocumentStore,
  Event,
  EventLines,
  EventPage,
  EventQuery,
  FacetQuery,
  Facets,
  Histogram,
  HistogramQuery,
  PruneResult,
  RetentionPolicy,
  Store,
  StoredEvent,
  StoreStatus,
} from '@vigilant/core';
import { isVigilantError, VigilantError } from '@vigilant/core';
import type { EncodedEvents } from '@vigilant/core/adapter';
import { checkContext, checkRetentionPolicy, encodeAll } from '@vigilant/core/adapter';
import type { BlockLimits } from '../store/store-protocol';
import { createDocuments } from './store-documents';
import { checkArguments, checkPath } from './check-arguments';
import type { SqliteDriver } from './driver-option';
import { packEncoded } from '../thread/packing';
import { countEvents, getEvent, queryEvents, queryLines } from './read-events';
import { createReadOnlyStore } from './read-only-store';
import type { ResolvedSqliteStoreOptions, SqliteStoreOptions } from './store-options';
import { resolveStoreOptions } from './store-options';
import type { StoreThreads } from './store-threads';
import { startStoreThreads } from './store-threads';

/**
 * Creates a store in one SQLite file.
 *
 * All SQL runs in worker threads: one writes, one reads. `open` creates the file with mode 0600, and its folder with mode
 * 0700. Several processes may open it at once.
 *
 * @param path - Path of the file, such as `./data/events.db`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createSqliteStore(path: string, options?: SqliteStoreOptions): Store;
export function createSqliteStore(
  path: string,
  options: SqliteStoreOptions = {},
  ...excess: readonly unknown[]
): Store {
  checkPath('createSqliteStore()', path, './data/events.db');
  checkArguments('createSqliteStore()', ['path', 'options'], excess);
  return createStore(path, resolveStoreOptions(options));
}

/**
 * Creates a store with checked options.
 *
 * @param limits - When events become blocks. Tests set small limits.
 */
export function createStore(
  path: string,
  { readOnly, driver }: ResolvedSqliteStoreOptions,
  limits?: BlockLimits,
): Store {
  return readOnly ? createReadOnlyStore(path, driver) : new SqliteStore(path, driver, limits);
}

class SqliteStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' } as const);
  readonly documents: DocumentStore;
  readonly #path: string;
  readonly #driver: SqliteDriver | undefined;
  readonly #limits: BlockLimits | undefined;
  #threads: StoreThreads | undefined;
  #closing: Promise<void> | undefined;
  /** Reason of the last append that failed on a full disk; `undefined` after a successful append. */
  #failureReason: string | undefined;

  constructor(path: string, driver: SqliteDriver | undefined, limits: BlockLimits | undefined) {
    this.#path = path;
    this.#driver = driver;
    this.#limits = limits;
    this.documents = createDocuments({
      read: () => this.#open().reader,
      write: () => this.#open().writer,
    });
  }

  async open(context: AdapterContext): Promise<void> {
    checkContext(context);
    this.#threads = await startStoreThreads(this.#path, this.#driver, this.#limits, context);
    this.#closing = undefined;
  }

  async append(batch: readonly Event[]): Promise<AppendResult> {
    this.#open();
    return this.appendEncoded(encodeAll(batch));
  }

  async appendEncoded(batch: EncodedEvents): Promise<AppendResult> {
    const { writer } = this.#open();
    if (batch.count === 0) return { inserted: 0, duplicates: 0, conflicts: [] };
    const chunks = packEncoded(batch);
    try {
      const result = await writer.call<AppendResult>('append', chunks, { transfer: chunks });
      this.#failureReason = undefined;
      return result;
    } catch (error) {
      if (isVigilantError(error) && error.code === 'VIGILANT_STORE_FULL') this.#failureReason = error.message;
      throw error;
    }
  }

  async get(id: string): Promise<StoredEvent | undefined> {
    return getEvent(this.#open().reader, id);
  }

  async query(query: EventQuery): Promise<EventPage> {
    return queryEvents(this.#open().reader, query);
  }

  async queryLines(query: EventQuery): Promise<EventLines | undefined> {
    return queryLines(this.#open().reader, query);
  }

  async histogram(query: HistogramQuery): Promise<Histogram> {
    return countEvents(this.#open().reader, 'histogram', query);
  }

  async facets(query: FacetQuery): Promise<Facets> {
    return countEvents(this.#open().reader, 'facets', query);
  }

  async status(): Promise<StoreStatus> {
    const threads = this.#open();
    const status = await threads.reader.call<Omit<StoreStatus, 'state'>>('status');
    const reason = status.reason ?? this.#failureReason ?? threads.damage;
    return reason === undefined ? { ...status, state: 'ready' } : { ...status, state: 'degraded', reason };
  }

  async prune(policy: RetentionPolicy): Promise<PruneResult> {
    const { writer } = this.#open();
    checkRetentionPolicy(policy);
    const { signal, ...limits } = policy;
    if (signal?.aborted) return { deleted: 0, complete: false };
    return writer.call('prune', limits, { signal, waitsForAnswer: true });
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const threads = this.#threads;
      this.#threads = undefined;
      await threads?.close();
    })();
    return this.#closing;
  }

  #open(): StoreThreads {
    if (this.#threads !== undefined) return this.#threads;
    throw new VigilantError('VIGILANT_STORE_CLOSED', 'The SQLite store is not open. Call open() first.');
  }
}
