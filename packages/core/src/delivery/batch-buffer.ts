import type { Delivery } from '../contracts/broker';
import { encodedSize, totalEncodedSize } from '../event/codec';
import type { Event } from '../event/event';
import { earliestReceipt } from './lag';

/** Bounds of a batch. */
export interface BatchBounds {
  readonly intervalMs: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Events that are written together. */
export interface Batch {
  readonly events: readonly Event[];
  /** Deliveries whose last event is in this batch: acknowledged once it is written. */
  readonly finished: readonly Delivery[];
  readonly bytes: number;
}

/** Number and encoded size of some events. */
export interface Usage {
  readonly events: number;
  readonly bytes: number;
}

/** A delivery of which some events wait. */
interface Entry {
  readonly delivery: Delivery;
  readonly ordinal: number;
  readonly arrivedMs: number;
  next: number;
}

/** Deliveries that wait to be written, in order. A malformed record counts as an event. */
export interface BatchBuffer extends Usage {
  add(delivery: Delivery, nowMs: number): void;
  /** Returns the earliest receipt of the events that wait, in milliseconds since the epoch; `undefined` if there are none. */
  oldestReceivedAt(): number | undefined;
  /** Returns how long until a batch is due, in milliseconds: 0 is now, `undefined` when nothing waits. */
  dueInMs(nowMs: number): number | undefined;
  /** Removes and returns the next batch within the bounds. A delivery can be split over several. */
  take(): Batch;
}

const MIN_HELD_BYTES = 32 * 1024 * 1024;

/** Memory that an event occupies in addition to its encoded bytes. */
const EVENT_OVERHEAD_BYTES = 1_024;

/** Returns the memory that events occupy, in bytes. */
export function occupiedBytes({ events, bytes }: Usage): number {
  return bytes + events * EVENT_OVERHEAD_BYTES;
}

/**
 * Returns the maximum memory for unacknowledged events, in bytes.
 *
 * Two full batches fit: one is written while the next one fills. So a full buffer with no write in progress always has
 * a batch that is due.
 */
export function maxHeldBytes({ maxEvents, maxBytes }: BatchBounds): number {
  return Math.max(MIN_HELD_BYTES, 2 * occupiedBytes({ events: maxEvents, bytes: maxBytes }));
}

/** Creates an empty buffer. */
export function createBatchBuffer(bounds: BatchBounds): BatchBuffer {
  return new DeliveryBuffer(bounds);
}

class DeliveryBuffer implements BatchBuffer {
  readonly #bounds: BatchBounds;
  readonly #entries: (Entry | undefined)[] = [];
  #head = 0;
  #ordinals = 0;
  #urgentThrough = 0;
  #events = 0;
  #bytes = 0;

  constructor(bounds: BatchBounds) {
    this.#bounds = bounds;
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(delivery: Delivery, nowMs: number): void {
    this.#ordinals += 1;
    this.#entries.push({ delivery, ordinal: this.#ordinals, arrivedMs: nowMs, next: 0 });
    const { events, malformed } = delivery;
    this.#events += events.length + malformed.length;
    this.#bytes += totalEncodedSize(events);
    for (const { bytes } of malformed) this.#bytes += bytes.byteLength;
    if (delivery.flush) this.#urgentThrough = this.#ordinals;
  }

  oldestReceivedAt(): number | undefined {
    return earliestReceipt(this.#waiting());
  }

  dueInMs(nowMs: number): number | undefined {
    const first = this.#entries[this.#head];
    if (first === undefined) return undefined;
    const { intervalMs, maxEvents, maxBytes } = this.#bounds;
    if (first.ordinal <= this.#urgentThrough) return 0;
    if (this.#events >= maxEvents || this.#bytes >= maxBytes) return 0;
    return Math.max(0, first.arrivedMs + intervalMs - nowMs);
  }

  take(): Batch {
    const filling: Filling = { events: [], records: 0, bytes: 0 };
    const finished: Delivery[] = [];
    for (let entry = this.#entries[this.#head]; entry !== undefined; entry = this.#entries[this.#head]) {
      if (!this.#takeFrom(entry, filling)) break;
      finished.push(entry.delivery);
      // Frees its events before the array is compacted.
      this.#entries[this.#head] = undefined;
      this.#head += 1;
    }
    if (this.#head > 1_000 || this.#head === this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
    return { events: filling.events, finished, bytes: filling.bytes };
  }

  *#waiting(): Iterable<Event> {
    for (const entry of this.#entries.slice(this.#head))
      if (entry !== undefined && !entry.delivery.signal.aborted)
        yield* entry.delivery.events.slice(entry.next);
  }

  /** Moves what fits from a delivery into a batch; returns `false` when the rest must wait for the next batch. */
  #takeFrom(entry: Entry, filling: Filling): boolean {
    const { events, malformed, signal } = entry.delivery;
    const malformedBytes = malformed.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    // Another process has taken over this delivery and writes its events.
    if (signal.aborted) {
      const rest = events.slice(entry.next);
      this.#forget(rest.length + malformed.length, malformedBytes + totalEncodedSize(rest));
      return true;
    }
    for (; entry.next < events.length && this.#hasRoom(filling); entry.next += 1) {
      const event = events[entry.next] as Event;
      filling.events.push(event);
      this.#move(filling, 1, encodedSize(event));
    }
    if (entry.next < events.length) return false;
    if (malformed.length > 0 && !this.#hasRoom(filling)) return false;
    this.#move(filling, malformed.length, malformedBytes);
    return true;
  }

  #hasRoom({ records, bytes }: Filling): boolean {
    return records < this.#bounds.maxEvents && bytes < this.#bounds.maxBytes;
  }

  #move(filling: Filling, records: number, bytes: number): void {
    filling.records += records;
    filling.bytes += bytes;
    this.#forget(records, bytes);
  }

  #forget(records: number, bytes: number): void {
    this.#events -= records;
    this.#bytes -= bytes;
  }
}

/** A batch under construction. */
interface Filling {
  readonly events: Event[];
  /** Events and malformed records. */
  records: number;
  bytes: number;
}
