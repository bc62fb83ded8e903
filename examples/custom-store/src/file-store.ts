import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { VigilantError } from '@vigilant/core';
import {
  createMatcher,
  decodeEvent,
  encodeEventJson,
  encodedSize,
  sameContent,
  toMicros,
  toVigilantError,
  widenFilter,
} from '@vigilant/core/adapter';
import type {
  AppendResult,
  Event,
  EventOrder,
  EventPage,
  EventPosition,
  EventQuery,
  Store,
  StoredEvent,
  StoreStatus,
} from '@vigilant/core';

// The first line of the file contains the epoch. Each further line contains one batch as an array of encoded events. An
// incomplete line, which a crash leaves, is ignored. The next write truncates it.

/** Start of every file of this store. */
const FILE_START = '{"epoch":"';

/** Creates a store in a file of JSON lines, which `open` reads into memory. One process at a time may open the file. */
export function createFileStore(path: string): Store {
  return new FileStore(path);
}

class FileStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: false, filtering: 'exact' } as const);
  readonly #path: string;
  readonly #events: StoredEvent[] = [];
  readonly #byId = new Map<string, StoredEvent>();
  #epoch = '';
  #file: FileHandle | undefined;
  #bytes = 0;
  /** The last write. The next one waits for it. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<void> {
    const file = await open(this.#path, 'a+', 0o600);
    try {
      const content = await file.readFile();
      this.#bytes = content.lastIndexOf('\n') + 1;
      if (!FILE_START.startsWith(content.toString('utf8', 0, FILE_START.length)))
        throw new VigilantError(
          'VIGILANT_SCHEMA_UNSUPPORTED',
          `${this.#path} is not a file of this store. It was not changed. Choose another path.`,
        );
      const [head, ...batches] = content.toString('utf8', 0, this.#bytes).split('\n').slice(0, -1);
      this.#epoch =
        head === undefined ? await this.#begin(file) : (JSON.parse(head) as { epoch: string }).epoch;
      this.#events.length = 0;
      this.#byId.clear();
      for (const batch of batches) {
        for (const event of JSON.parse(batch) as string[]) this.#add(decodeEvent(Buffer.from(event)));
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#file = file;
  }

  async append(batch: readonly Event[]): Promise<AppendResult> {
    const file = this.#open();
    const work = this.#writing.then(() => this.#append(file, batch));
    this.#writing = work.catch(() => {});
    return work;
  }

  async get(id: string): Promise<StoredEvent | undefined> {
    this.#open();
    return this.#byId.get(id);
  }

  async query({
    filter,
    order,
    after,
    limit,
    maxBytes,
    deadlineMs = Infinity,
    ...query
  }: EventQuery): Promise<EventPage> {
    this.#open();
    const started = performance.now();
    const asOf = query.asOf ?? this.#events.length;
    // A filter of a later version may contain unknown conditions. Core then checks the events again.
    const widened = widenFilter(filter);
    const matches = createMatcher(widened.filter);
    const rest = this.#events
      .filter(
        (event) =>
          event.sequence <= asOf && (after === undefined || compare(order, positionOf(event), after) > 0),
      )
      .sort((a, b) => compare(order, positionOf(a), positionOf(b)));
    const events: StoredEvent[] = [];
    let bytes = 0;
    let scanned = 0;
    let complete = true;
    for (const event of rest) {
      if (matches(event)) {
        events.push(event);
        bytes += encodedSize(event);
      }
      scanned += 1;
      if (events.length >= limit || bytes >= maxBytes) break;
      if (scanned % 1_000 > 0) continue;
      // Yields to the event loop, so that other work can abort the signal.
      await new Promise((resolve) => setImmediate(resolve));
      query.signal?.throwIfAborted();
      complete = performance.now() - started < deadlineMs;
      if (!complete) break;
    }
    const last = scanned < rest.length ? rest[scanned - 1] : undefined;
    const next = last === undefined ? {} : { next: positionOf(last) };
    return {
      events,
      ...next,
      complete: complete || last === undefined,
      epoch: this.#epoch,
      asOf,
      superset: !widened.isExact,
      statistics: { scanned },
    };
  }

  async status(): Promise<StoreStatus> {
    this.#open();
    const count = this.#events.length;
    return {
      epoch: this.#epoch,
      events: count,
      lastSequence: count,
      prunedThrough: 0,
      state: 'ready',
      bytes: this.#bytes,
    };
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await this.#writing;
    await file?.close();
  }

  async #begin(file: FileHandle): Promise<string> {
    const epoch = randomUUID();
    await this.#write(file, { epoch });
    return epoch;
  }

  async #append(file: FileHandle, batch: readonly Event[]): Promise<AppendResult> {
    const fresh = new Map<string, Event>();
    const conflicts: number[] = [];
    batch.forEach((event, index) => {
      const known = this.#byId.get(event.id) ?? fresh.get(event.id);
      if (known === undefined) fresh.set(event.id, event);
      else if (!sameContent(known, event)) conflicts.push(index);
    });
    const inserted = [...fresh.values()];
    if (inserted.length > 0)
      await this.#write(
        file,
        inserted.map((event) => Buffer.from(encodeEventJson(event)).toString()),
      );
    for (const event of inserted) this.#add(event);
    return {
      inserted: inserted.length,
      duplicates: batch.length - inserted.length - conflicts.length,
      conflicts,
    };
  }

  /** Writes a line. Truncates the rest of a failed write first. */
  async #write(file: FileHandle, content: unknown): Promise<void> {
    const line = `${JSON.stringify(content)}\n`;
    try {
      await file.truncate(this.#bytes);
      await file.appendFile(line);
      await file.sync();
      this.#bytes += Buffer.byteLength(line);
    } catch (error) {
      throw toVigilantError(error, 'VIGILANT_STORE_UNAVAILABLE', `${this.#path} cannot be written`);
    }
  }

  #add(event: Event): void {
    const stored = { ...event, sequence: this.#events.length + 1 };
    this.#events.push(stored);
    this.#byId.set(event.id, stored);
  }

  #open(): FileHandle {
    if (this.#file !== undefined) return this.#file;
    throw new VigilantError('VIGILANT_STORE_CLOSED', 'The file store is not open; call open() first.');
  }
}

function positionOf(event: StoredEvent): EventPosition {
  return { timestamp: toMicros(event.timestamp), sequence: event.sequence };
}

function compare(order: EventOrder, a: EventPosition, b: EventPosition): number {
  if (order === 'arrival') return a.sequence - b.sequence;
  const byTime = a.timestamp - b.timestamp || a.sequence - b.sequence;
  return order === 'oldest' ? byTime : -byTime;
}
