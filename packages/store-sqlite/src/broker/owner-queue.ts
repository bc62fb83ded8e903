import type { Event, MalformedMessage } from '@vigilant/core';
import type { Amount, OrphanedBatches, ReadRequest } from '../journal/journal-protocol';

/** How much of what was just published is kept in memory for the consumer, in bytes; the rest is read again. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;

/** What an event takes in memory besides its text, in bytes. */
const EVENT_OVERHEAD_BYTES = 1_024;

/** A batch on its way to the consumer. */
export interface Batch {
  readonly number: number;
  readonly bytes: number;
  readonly events: readonly Event[];
  /** What it is instead, when it cannot be read. */
  readonly malformed?: MalformedMessage;
}

/** Reads batches from the journal. */
export type ReadBatches = (request: ReadRequest) => Promise<readonly Batch[]>;

/** The batches of one owner, and how far the consumer has come with them. */
export class OwnerQueue {
  readonly owner: number;
  /** The highest number there is. */
  #end = 0;
  /** Batches up to this number are delivered. */
  #position = 0;
  /** Batches up to this number are not in memory. */
  #floor = 0;
  #cache: Batch[] = [];
  #cachedBytes = 0;
  /** Numbers of what is delivered and not acknowledged, ascending. */
  readonly #unacknowledged = new Set<number>();
  #pending: Amount = { events: 0, bytes: 0 };
  /** Counted up when the consumer begins anew, so that what an earlier one asked for is not taken for an answer. */
  #round = 0;

  constructor(owner: number, batches?: OrphanedBatches) {
    this.owner = owner;
    if (batches === undefined) return;
    this.#end = batches.last;
    this.#floor = batches.last;
    this.#pending = { events: batches.events, bytes: batches.bytes };
  }

  /** Events and bytes that are not acknowledged. */
  get pending(): Amount {
    return this.#pending;
  }

  get end(): number {
    return this.#end;
  }

  /** Adds what was just published. */
  add(batch: Batch): void {
    this.#end = batch.number;
    this.#count(batch.events.length, batch.bytes);
    if (this.#cachedBytes + sizeOf(batch) > MAX_CACHED_BYTES) {
      this.#forget();
      return;
    }
    this.#cache.push(batch);
    this.#cachedBytes += sizeOf(batch);
  }

  /** Takes the next batches, of about so many bytes; none when there are none. */
  async take(maxBytes: number, read: ReadBatches): Promise<readonly Batch[]> {
    return this.#position < this.#floor ? this.#takeFromFile(maxBytes, read) : this.#takeFromMemory(maxBytes);
  }

  /** Everything up to this number was delivered. */
  isDelivered(through: number): boolean {
    return this.#position >= Math.min(through, this.#end);
  }

  /** Everything up to this number was delivered and acknowledged. */
  isAcknowledged(through: number): boolean {
    const [first] = this.#unacknowledged;
    return this.isDelivered(through) && (first === undefined || first > through);
  }

  /** Notes what an acknowledgement removed. */
  acknowledged(numbers: readonly number[]): void {
    for (const number of numbers) this.#unacknowledged.delete(number);
  }

  removed({ events, bytes }: Amount): void {
    this.#count(-events, -bytes);
  }

  /** Goes back to the first that is not acknowledged, for a new consumer. */
  rewind(): void {
    const [first] = this.#unacknowledged;
    if (first !== undefined) this.#position = first - 1;
    this.#round += 1;
    this.#forget();
  }

  async #takeFromFile(maxBytes: number, read: ReadBatches): Promise<readonly Batch[]> {
    const round = this.#round;
    const through = this.#floor;
    const batches = await read({ owner: this.owner, after: this.#position, through, maxBytes });
    if (round !== this.#round) return [];
    this.#position = batches.at(-1)?.number ?? through;
    return this.#deliver(batches);
  }

  #takeFromMemory(maxBytes: number): readonly Batch[] {
    let count = 0;
    for (let bytes = 0; count < this.#cache.length && bytes < maxBytes; count += 1)
      bytes += (this.#cache[count] as Batch).bytes;
    const taken = this.#cache.splice(0, count);
    for (const batch of taken) {
      this.#position = batch.number;
      this.#cachedBytes -= sizeOf(batch);
    }
    return this.#deliver(taken);
  }

  #deliver(batches: readonly Batch[]): readonly Batch[] {
    for (const { number } of batches) this.#unacknowledged.add(number);
    return batches;
  }

  #forget(): void {
    this.#cache = [];
    this.#cachedBytes = 0;
    this.#floor = this.#end;
  }

  #count(events: number, bytes: number): void {
    this.#pending = { events: this.#pending.events + events, bytes: this.#pending.bytes + bytes };
  }
}

function sizeOf({ bytes, events }: Batch): number {
  return bytes + events.length * EVENT_OVERHEAD_BYTES;
}
