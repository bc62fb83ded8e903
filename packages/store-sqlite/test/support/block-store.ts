import type {
  AppendResult,
  Clock,
  Event,
  EventLines,
  EventQuery,
  PruneResult,
  RetentionPolicy,
  StoredEvent,
} from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { onTestFinished } from 'vitest';
import { decodeEvents } from '../../src/host/decode-events';
import type { BlockLimits } from '../../src/blocks/block-limits';
import { maintain } from '../../src/blocks/maintain';
import { seal } from '../../src/blocks/seal';
import { sealedBlocks } from '../../src/blocks/sealed-blocks';
import { prune } from '../../src/retention/prune';
import type { SqliteConnection } from '../../src/sqlite/driver';
import { scalar } from '../../src/sqlite/transaction';
import { append } from '../../src/store/append';
import { getEvent } from '../../src/store/reads';
import { scan, scanLines } from '../../src/store/scan';
import type { PackedPage } from '../../src/store/store-protocol';
import { packEncoded } from '../../src/thread/packing';
import { createFolder } from './folder';
import { connectStoreDatabase } from './store';

/** Limits with which appends of eight events become blocks. */
export const SMALL_BLOCKS: BlockLimits = {
  directEvents: 8,
  maxRows: 1_000,
  maxRowBytes: Infinity,
  blockEvents: 16,
  blockBytes: 1e6,
};

const RUNNING = { isCancelled: () => false };

/** A clock on which every pause ends at once. */
const HASTY: Clock = {
  now: () => 0,
  monotonic: () => 0,
  after(_, callback) {
    setImmediate(callback);
    return { cancel: () => {} };
  },
};

/** A query of a test; everything in order of arrival unless it says otherwise. */
export type TestQuery = Partial<Omit<EventQuery, 'signal'>>;

/** The functions of a store on one connection in this thread, so that a test decides what runs between two steps. */
export class BlockStore {
  readonly connection: SqliteConnection;
  readonly path: string;
  readonly #limits: BlockLimits;

  constructor(path: string, limits: BlockLimits) {
    this.connection = connectStoreDatabase(path);
    this.path = path;
    this.#limits = limits;
  }

  /** Opens the same file on another connection, as another process does. */
  another(): BlockStore {
    return new BlockStore(this.path, this.#limits);
  }

  append(events: readonly Event[], limits: Partial<BlockLimits> = {}): AppendResult {
    return append(this.connection, packEncoded(encodeAll(events)), { ...this.#limits, ...limits });
  }

  /** Appends events as rows, however many. */
  appendRows(events: readonly Event[]): AppendResult {
    return this.append(events, { directEvents: Infinity });
  }

  /** Seals the oldest rows until at most `maxRows` are left. */
  seal(maxRows = 0): Promise<void> {
    return seal(this.connection, RUNNING, { ...this.#limits, maxRows });
  }

  /** Seals, merges and repairs as the store does in the background. */
  maintain(): Promise<void> {
    return maintain(this.connection, RUNNING, this.#limits);
  }

  prune(policy: Omit<RetentionPolicy, 'signal'>): Promise<PruneResult> {
    return prune(this.connection, policy, RUNNING, HASTY);
  }

  async get(id: string): Promise<StoredEvent | undefined> {
    const transfer = getEvent(this.connection, id);
    if (transfer === undefined) return undefined;
    const { chunks, sequence } = transfer.value as { chunks: ArrayBuffer[]; sequence: number };
    const [event] = await decodeEvents(chunks, [sequence]);
    return event;
  }

  /** Reads one page. @param between - Runs after each window of the scan. */
  async page(
    query: TestQuery,
    between: () => void = () => {},
  ): Promise<Omit<PackedPage, 'chunks' | 'sequences'> & { readonly events: StoredEvent[] }> {
    const request = { filter: MATCH_ALL, order: 'arrival' as const, limit: 100, maxBytes: 1e9, ...query };
    const transfer = await scan(this.connection, request, { isCancelled: () => (between(), false) });
    const { chunks, sequences, ...page } = transfer.value as PackedPage;
    return { ...page, events: await decodeEvents(chunks, sequences) };
  }

  /** Reads all pages. @param between - Runs after each page. */
  async readAll(
    query: TestQuery = {},
    between: () => void | Promise<void> = () => {},
  ): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (let next = query; ;) {
      const page = await this.page(next);
      events.push(...page.events);
      if (page.next === undefined) return events;
      next = { ...query, after: page.next, asOf: page.asOf };
      await between();
    }
  }

  /** Reads all pages as lines of JSON. */
  async readLines(query: TestQuery = {}): Promise<string> {
    let lines = '';
    let request = { filter: MATCH_ALL, order: 'arrival' as const, limit: 10, maxBytes: 1e9, ...query };
    for (;;) {
      const transfer = await scanLines(this.connection, request, RUNNING);
      const { chunks, next, asOf } = transfer?.value as EventLines;
      lines += Buffer.concat(chunks).toString();
      if (next === undefined) return lines;
      request = { ...request, after: next, asOf };
    }
  }

  /** Returns the ids of all events in the order of a query. */
  async ids(query?: TestQuery, between?: () => void | Promise<void>): Promise<string[]> {
    return (await this.readAll(query, between)).map(({ id }) => id);
  }

  count(table: 'event' | 'block' | 'part' | 'id_run' | 'id_part'): number {
    return scalar(this.connection, `SELECT count(*) FROM ${table}`);
  }

  /** What the status says about damage. */
  get damage(): string | undefined {
    return sealedBlocks(this.connection).damage.message;
  }
}

/** Creates a store on a new file. */
export function createBlockStore(limits: BlockLimits = SMALL_BLOCKS): BlockStore {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return new BlockStore(folder.file('events.db'), limits);
}
