import type { MalformedMessage } from '@vigilant/core';
import type { EncodedEvents } from '@vigilant/core/adapter';
import type { Amount, OrphanedBatches, ReadRequest } from '../journal/journal-protocol';

/** Maximum size of published batches that are kept in memory for the consumer. Other batches are read from the journal. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;

/** A batch for the consumer. */
export interface QueuedBatch {
  readonly number: number;
  readonly bytes: number;
  readonly events: EncodedEvents;
  /** Set if the batch cannot be read. */
  readonly malformed?: MalformedMessage;
}

/** Reads batches from the journal. */
export type ReadBatches = (request: ReadRequest) => Promise<readonly QueuedBatch[]>;

/** The batches of one owner and the position of the consumer. */
export class OwnerQueue {
  readonly owner: number;
  /** The highest number of a batch. */
  #end = 0;
  /** Batches up to this number are delivered. */
  #position = 0;
  /** Batches up to this number are read from the journal. */
  #floor = 0;
  /** Batches after the floor, one after another. */
  #cache: QueuedBatch[] = [];
  /** The number of the last batch of the cache, or the floor if the cache is empty. Later batches are only in the journal. */
  #cachedThrough = 0;
  #cachedBytes = 0;
  /** Numbers of delivered, unacknowledged batches, ascending. */
  readonly #unacknowledged = new Set<number>();
  #pending: Amount = { events: 0, bytes: 0 };
  /** Incremented for each consumer, so that reads for an earlier consumer are dropped. */
  #round = 0;

  constructor(owner: number, batches?: OrphanedBatches) {
    this.owner = owner;
    if (batches === undefined) return;
    this.#end = batches.last;
    this.#floor = batches.last;
    this.#cachedThrough = batches.last;
    this.#pending = { events: batches.events, bytes: batches.bytes };
  }

  /** Unacknowledged events and bytes. */
  get pending(): Amount {
    return this.#pending;
  }

  get end(): number {
    return this.#end;
  }

  /** Adds a published batch. */
  add(batch: QueuedBatch): void {
    const isNext = this.#cachedThrough === this.#end;
    this.#end = batch.number;
    this.#count(batch.events.count, batch.bytes);
    if (!isNext || this.#cachedBytes + batch.bytes > MAX_CACHED_BYTES) return;
    this.#cache.push(batch);
    this.#cachedBytes += batch.bytes;
    this.#cachedThrough = batch.number;
  }

  /** Takes the next batches until they reach `maxBytes`. */
  async take(maxBytes: number, read: ReadBatches): Promise<readonly QueuedBatch[]> {
    // The batches that did not fit into the cache follow once it is empty.
    if (this.#cache.length === 0 && this.#position >= this.#floor) this.#forget();
    return this.#position < this.#floor ? this.#takeFromFile(maxBytes, read) : this.#takeFromMemory(maxBytes);
  }

  /** Returns whether everything up to this number was delivered. */
  isDelivered(through: number): boolean {
    return this.#position >= Math.min(through, this.#end);
  }

  /** Returns whether everything up to this number was acknowledged. */
  isAcknowledged(through: number): boolean {
    const [first] = this.#unacknowledged;
    return this.isDelivered(through) && (first === undefined || first > through);
  }

  /** Removes acknowledged batches. */
  acknowledged(numbers: readonly number[]): void {
    for (const number of numbers) this.#unacknowledged.delete(number);
  }

  removed({ events, bytes }: Amount): void {
    this.#count(-events, -bytes);
  }

  /** Returns to the first unacknowledged batch for a new consumer. */
  rewind(): void {
    const [first] = this.#unacknowledged;
    if (first !== undefined) this.#position = first - 1;
    this.#round += 1;
    this.#forget();
  }

  async #takeFromFile(maxBytes: number, read: ReadBatches): Promise<readonly QueuedBatch[]> {
    const round = this.#round;
    const through = this.#floor;
    const batches = await read({ owner: this.owner, after: this.#position, through, maxBytes });
    if (round !== this.#round) return [];
    this.#position = batches.at(-1)?.number ?? through;
    return this.#deliver(batches);
  }

  #takeFromMemory(maxBytes: number): readonly QueuedBatch[] {
    let count = 0;
    for (let bytes = 0; count < this.#cache.length && bytes < maxBytes; count += 1)
      bytes += (this.#cache[count] as QueuedBatch).bytes;
    const taken = this.#cache.splice(0, count);
    for (const batch of taken) {
      this.#position = batch.number;
      this.#cachedBytes -= batch.bytes;
    }
    return this.#deliver(taken);
  }

  #deliver(batches: readonly QueuedBatch[]): readonly QueuedBatch[] {
    for (const { number } of batches) this.#unacknowledged.add(number);
    return batches;
  }

  #forget(): void {
    this.#cache = [];
    this.#cachedBytes = 0;
    this.#floor = this.#end;
    this.#cachedThrough = this.#end;
  }

  #count(events: number, bytes: number): void {
    this.#pending = { events: this.#pending.events + events, bytes: this.#pending.bytes + bytes };
  }
}
