import type { Delivery } from '../contracts/broker';
import { encodedSize, totalEncodedSize } from '../event/codec';
import type { EncodedEvents } from '../event/encoded-events';
import { joinEncoded } from '../event/encoded-events';
import type { Event } from '../event/event';
import { earliestOf, earliestReceipt } from './lag';

/** Bounds of a batch. */
export interface BatchBounds {
  readonly intervalMs: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Events that are written together. */
export interface Batch {
  /** Events that are not encoded. */
  readonly events: readonly Event[];
  /** Events that are encoded. Only one of the two is not empty, because a broker delivers events of one kind. */
  readonly encoded?: EncodedEvents;
  /** Deliveries whose last event is in this batch: acknowledged once it is written. */
  readonly finished: readonly Delivery[];
  readonly bytes: number;
}

/** Number and encoded size of events. */
export interface Usage {
  readonly events: number;
  /** Number of the events that are held as objects and not encoded. */
  readonly objects: number;
  readonly bytes: number;
}

/** A delivery with events that wait to be written. */
interface Entry {
  readonly delivery: Delivery;
  readonly ordinal: number;
  readonly arrivedMs: number;
  /** The events that wait. */
  waiting: readonly Event[] | EncodedEvents;
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

/** Memory that an event occupies in addition to its encoded bytes, if it is not held encoded. */
const EVENT_OVERHEAD_BYTES = 1_024;

/** Returns the memory that events occupy, in bytes. */
export function occupiedBytes({ objects, bytes }: Omit<Usage, 'events'>): number {
  return bytes + objects * EVENT_OVERHEAD_BYTES;
}

/**
 * Returns the maximum memory for unacknowledged events, in bytes.
 *
 * Two full batches fit: one is written while the next one fills. So a full buffer with no write in progress always has
 * a batch that is due.
 */
export function maxHeldBytes({ maxEvents, maxBytes }: BatchBounds): number {
  return Math.max(MIN_HELD_BYTES, 2 * occupiedBytes({ objects: maxEvents, bytes: maxBytes }));
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
  #objects = 0;
  #bytes = 0;

  constructor(bounds: BatchBounds) {
    this.#bounds = bounds;
  }

  get events(): number {
    return this.#events;
  }

  get objects(): number {
    return this.#objects;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(delivery: Delivery, nowMs: number): void {
    this.#ordinals += 1;
    const waiting = delivery.encoded ?? delivery.events;
    this.#entries.push({ delivery, waiting, ordinal: this.#ordinals, arrivedMs: nowMs });
    this.#count(usageOf(waiting), 1);
    this.#count(malformedUsage(delivery), 1);
    if (delivery.flush) this.#urgentThrough = this.#ordinals;
  }

  oldestReceivedAt(): number | undefined {
    const entries = this.#entries.slice(this.#head);
    return earliestOf(
      entries.map((entry) =>
        entry === undefined || entry.delivery.signal.aborted ? undefined : receiptOf(entry.waiting),
      ),
    );
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
    const filling: Filling = { events: [], encoded: [], records: 0, bytes: 0 };
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
    const { events, encoded, bytes } = filling;
    return encoded.length === 0
      ? { events, finished, bytes }
      : { events, encoded: joinEncoded(encoded), finished, bytes };
  }

  /** Moves what fits from a delivery into a batch; returns `false` when the rest must wait for the next batch. */
  #takeFrom(entry: Entry, filling: Filling): boolean {
    const { delivery } = entry;
    // Another consumer has taken over this delivery and writes its events.
    if (delivery.signal.aborted) {
      this.#count(usageOf(entry.waiting), -1);
      this.#count(malformedUsage(delivery), -1);
      return true;
    }
    const maxEvents = this.#bounds.maxEvents - filling.records;
    const maxBytes = this.#bounds.maxBytes - filling.bytes;
    if (!isEmpty(entry.waiting)) {
      if (maxEvents <= 0 || maxBytes <= 0) return false;
      this.#move(filling, entry, maxEvents, maxBytes);
      if (!isEmpty(entry.waiting)) return false;
    }
    const usage = malformedUsage(delivery);
    if (usage.events > 0 && !this.#hasRoom(filling)) return false;
    this.#fill(filling, usage);
    return true;
  }

  /** Moves the first events of a delivery that reach one of the limits. */
  #move(filling: Filling, entry: Entry, maxEvents: number, maxBytes: number): void {
    const { waiting } = entry;
    if (isEncoded(waiting)) {
      const count = waiting.countWithin(maxEvents, maxBytes);
      const moved = waiting.slice(0, count);
      entry.waiting = waiting.slice(count, waiting.count);
      filling.encoded.push(moved);
      this.#fill(filling, usageOf(moved));
    } else {
      const moved = waiting.slice(0, countWithin(waiting, maxEvents, maxBytes));
      entry.waiting = waiting.slice(moved.length);
      for (const event of moved) filling.events.push(event);
      this.#fill(filling, usageOf(moved));
    }
  }

  #hasRoom({ records, bytes }: Filling): boolean {
    return records < this.#bounds.maxEvents && bytes < this.#bounds.maxBytes;
  }

  #fill(filling: Filling, usage: Usage): void {
    filling.records += usage.events;
    filling.bytes += usage.bytes;
    this.#count(usage, -1);
  }

  #count({ events, objects, bytes }: Usage, sign: 1 | -1): void {
    this.#events += sign * events;
    this.#objects += sign * objects;
    this.#bytes += sign * bytes;
  }
}

/** A batch under construction. */
interface Filling {
  readonly events: Event[];
  readonly encoded: EncodedEvents[];
  /** Events and malformed records. */
  records: number;
  bytes: number;
}

function isEncoded(events: readonly Event[] | EncodedEvents): events is EncodedEvents {
  return !Array.isArray(events);
}

function isEmpty(events: readonly Event[] | EncodedEvents): boolean {
  return (isEncoded(events) ? events.count : events.length) === 0;
}

function usageOf(events: readonly Event[] | EncodedEvents): Usage {
  if (isEncoded(events)) return { events: events.count, objects: 0, bytes: events.bytes };
  return { events: events.length, objects: events.length, bytes: totalEncodedSize(events) };
}

function receiptOf(events: readonly Event[] | EncodedEvents): number | undefined {
  return isEncoded(events) ? events.earliestReceipt() : earliestReceipt(events);
}

function malformedUsage({ malformed }: Delivery): Usage {
  const bytes = malformed.reduce((sum, record) => sum + record.bytes.byteLength, 0);
  return { events: malformed.length, objects: malformed.length, bytes };
}

/** Returns how many of the first events reach one of the limits. */
function countWithin(events: readonly Event[], maxEvents: number, maxBytes: number): number {
  let count = 0;
  for (let bytes = 0; count < events.length && count < maxEvents && bytes < maxBytes; count += 1)
    bytes += encodedSize(events[count] as Event);
  return count;
}
