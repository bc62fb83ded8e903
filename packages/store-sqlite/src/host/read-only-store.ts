import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AdapterContext, DocumentStore, EventLines, EventPage, EventQuery } from '@vigilant/core';
import type { FacetQuery, Facets, Histogram, HistogramQuery } from '@vigilant/core';
import type { Store, StoredEvent, StoreStatus } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { checkContext, readOnlyError } from '@vigilant/core/adapter';
import { removeCopy } from '../sqlite/private-copy';
import source from '../store/read-only-worker?worker';
import type { ReadOnlyStoreSetting } from '../store/store-protocol';
import type { RunningWorker } from '../thread/restarting-worker';
import { startWorker } from '../thread/restarting-worker';
import type { SqliteDriver } from './driver-option';
import { findLibrary } from './library';
import { countEvents, getEvent, queryEvents, queryLines } from './read-events';
import { STORE_COMPONENT } from './reopen';
import { createDocuments } from './store-documents';

/** Creates a store that reads an existing file. */
export function createReadOnlyStore(path: string, driver: SqliteDriver | undefined): Store {
  return new ReadOnlySqliteStore(path, driver);
}

class ReadOnlySqliteStore implements Store {
  readonly capabilities = Object.freeze({
    durability: 'disk',
    shared: true,
    filtering: 'exact',
    readOnly: true,
  } as const);
  readonly documents: DocumentStore;
  readonly #path: string;
  readonly #driver: SqliteDriver | undefined;
  readonly #copyFolder = join(tmpdir(), `vigilant-${randomUUID()}`);
  #reader: RunningWorker | undefined;
  #closing: Promise<void> | undefined;

  constructor(path: string, driver: SqliteDriver | undefined) {
    this.#path = path;
    this.#driver = driver;
    this.documents = createDocuments({
      read: () => this.#open(),
      write: () => this.#reject('The change of documents'),
    });
  }

  async open(context: AdapterContext): Promise<void> {
    checkContext(context);
    const workerData: ReadOnlyStoreSetting = {
      driverPlace: findLibrary(this.#driver),
      path: resolve(this.#path),
      copyFolder: this.#copyFolder,
    };
    this.#reader = await startWorker({
      source,
      context,
      name: `${STORE_COMPONENT} reader`,
      lostCode: 'VIGILANT_STORE_UNAVAILABLE',
      workerData,
      prepare: (call) => call('open'),
    });
    this.#closing = undefined;
  }

  async append(): Promise<never> {
    return this.#reject('append()');
  }

  async get(id: string): Promise<StoredEvent | undefined> {
    return getEvent(this.#open(), id);
  }

  async query(query: EventQuery): Promise<EventPage> {
    return queryEvents(this.#open(), query);
  }

  async queryLines(query: EventQuery): Promise<EventLines | undefined> {
    return queryLines(this.#open(), query);
  }

  async histogram(query: HistogramQuery): Promise<Histogram> {
    return countEvents(this.#open(), 'histogram', query);
  }

  async facets(query: FacetQuery): Promise<Facets> {
    return countEvents(this.#open(), 'facets', query);
  }

  async status(): Promise<StoreStatus> {
    const status = await this.#open().call<Omit<StoreStatus, 'state'>>('status');
    return { ...status, state: status.reason === undefined ? 'ready' : 'degraded' };
  }

  async prune(): Promise<never> {
    return this.#reject('prune()');
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const reader = this.#reader;
      this.#reader = undefined;
      await reader?.close();
      removeCopy(this.#copyFolder);
    })();
    return this.#closing;
  }

  #open(): RunningWorker {
    if (this.#reader !== undefined) return this.#reader;
    throw new VigilantError('VIGILANT_STORE_CLOSED', 'The SQLite store is not open. Call open() first.');
  }

  #reject(call: string): never {
    this.#open();
    throw readOnlyError(call);
  }
}
