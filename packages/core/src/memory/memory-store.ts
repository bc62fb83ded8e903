import { randomUUID } from 'node:crypto';
import type { EventPage, EventPosition, EventQuery } from '../contracts/query';
import type { AppendResult, PruneResult, RetentionPolicy, Store, StoreStatus } from '../contracts/store';
import { checkRetentionPolicy, expiryTime } from '../contracts/retention-policy';
import { VigilantError } from '../util/errors';
import { yieldToEventLoop } from '../util/clock';
import { checkIntegerOption, checkOptionKeys } from '../util/option-checks';
import { encodedSize, sameContent } from '../event/codec';
import type { Event, StoredEvent } from '../event/event';
import { createMatcher } from '../filter/matches';
import { widenFilter } from '../filter/widen';
import { createMemoryDocuments, guardDocuments } from './memory-documents';
import type { Row } from './timeline';
import { createTimeline, positionOf, toRow } from './timeline';
import { monotonicNow } from '../util/timers';

/** Options of `createMemoryStore`. */
export interface MemoryStoreOptions {
  /** Maximum number of events. The earliest arrivals are deleted first. @defaultValue 100000 */
  readonly maxEvents?: number | undefined;
}

/** Number of rows checked before the store yields to the event loop. */
const ROWS_PER_TURN = 2_000;

/**
 * Creates a store in memory, for tests and experiments. It is the reference implementation of the contract.
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptionKeys('createMemoryStore()', options, ['maxEvents']);
  const { maxEvents = 100_000 } = options;
  return new MemoryStore(checkIntegerOption('maxEvents', maxEvents, 1, 1_000_000_000));
}

class MemoryStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'memory', shared: false, filtering: 'exact' } as const);
  readonly documents = guardDocuments(createMemoryDocuments(), () => this.#checkOpen());
  readonly #epoch = randomUUID();
  readonly #maxEvents: number;
  readonly #rows = createTimeline();
  readonly #byId = new Map<string, Row>();
  #lastSequence = 0;
  #prunedThrough = 0;
  #bytes = 0;
  #isOpen = false;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  async open(): Promise<void> {
    this.#isOpen = true;
  }

  async append(batch: readonly Event[]): Promise<AppendResult> {
    this.#checkOpen();
    // Encoding can fail. It precedes the first change, so that a batch is stored as a whole or not at all.
    const sizes = batch.map(encodedSize);
    const conflicts: number[] = [];
    let inserted = 0;
    batch.forEach((event, index) => {
      const existing = this.#byId.get(event.id);
      if (existing === undefined) {
        this.#insert(event, sizes[index] ?? 0);
        inserted += 1;
      } else if (!sameContent(existing.event, event)) conflicts.push(index);
    });
    if (this.#rows.length > this.#maxEvents) await this.prune({ maxEvents: this.#maxEvents });
    return { inserted, duplicates: batch.length - inserted - conflicts.length, conflicts };
  }

  async get(id: string): Promise<StoredEvent | undefined> {
    this.#checkOpen();
    return this.#byId.get(id)?.event;
  }

  async query(query: EventQuery): Promise<EventPage> {
    this.#checkOpen();
    const started = monotonicNow();
    const asOf = query.asOf ?? this.#lastSequence;
    const { filter, isExact } = widenFilter(query.filter);
    const matches = createMatcher(filter);
    const events: StoredEvent[] = [];
    let bytes = 0;
    let scanned = 0;
    let position: EventPosition | undefined = query.after;
    const page = (isDone: boolean): EventPage => {
      const more = this.#rows.next(query.order, position) !== undefined;
      const statistics = { scanned, elapsedMs: monotonicNow() - started };
      const rest = {
        ...(more && position !== undefined ? { next: position } : {}),
        ...(isExact ? {} : { superset: true }),
      };
      return { events, ...rest, complete: isDone || !more, epoch: this.#epoch, asOf, statistics };
    };
    for (;;) {
      query.signal?.throwIfAborted();
      const rows = this.#rows.slice(query.order, position, ROWS_PER_TURN);
      for (const row of rows) {
        scanned += 1;
        position = positionOf(row);
        if (row.event.sequence > asOf || !matches(row.event)) continue;
        events.push(row.event);
        bytes += row.bytes;
        if (events.length >= query.limit || bytes >= query.maxBytes) return page(true);
      }
      if (rows.length < ROWS_PER_TURN) return page(true);
      if (query.deadlineMs !== undefined && monotonicNow() - started >= query.deadlineMs) return page(false);
      await yieldToEventLoop();
    }
  }

  async status(): Promise<StoreStatus> {
    this.#checkOpen();
    return {
      epoch: this.#epoch,
      events: this.#rows.length,
      lastSequence: this.#lastSequence,
      prunedThrough: this.#prunedThrough,
      state: 'ready',
      bytes: this.#bytes,
    };
  }

  async prune(policy: RetentionPolicy): Promise<PruneResult> {
    this.#checkOpen();
    checkRetentionPolicy(policy);
    if (policy.signal?.aborted) return { deleted: 0, complete: false };
    let excessEvents = this.#rows.length - (policy.maxEvents ?? Infinity);
    let excessBytes = this.#bytes - (policy.maxBytes ?? Infinity);
    const expired = new Set<Row>();
    for (const row of this.#rows.rows()) {
      const { level, receivedAt } = row.event;
      if (receivedAt >= expiryTime(policy, level) && excessEvents <= 0 && excessBytes <= 0) continue;
      excessEvents -= 1;
      excessBytes -= row.bytes;
      expired.add(row);
    }
    if (expired.size > 0) this.#delete(expired);
    return { deleted: expired.size, complete: true };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  #insert(event: Event, bytes: number): void {
    this.#lastSequence += 1;
    const row = toRow({ ...event, sequence: this.#lastSequence }, bytes);
    this.#rows.add(row);
    this.#byId.set(event.id, row);
    this.#bytes += row.bytes;
  }

  #delete(expired: ReadonlySet<Row>): void {
    this.#rows.remove(expired);
    for (const { event, bytes } of expired) {
      this.#byId.delete(event.id);
      this.#bytes -= bytes;
      this.#prunedThrough = Math.max(this.#prunedThrough, event.sequence);
    }
  }

  #checkOpen(): void {
    if (!this.#isOpen)
      throw new VigilantError('VIGILANT_STORE_CLOSED', 'The memory store is not open. Call open() first.');
  }
}
