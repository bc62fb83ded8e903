import type { Delivery } from '../contracts/broker';
import { encodedSize } from '../event/codec';
import type { Event } from '../event/event';

/** Bounds of a batch. */
export interface BatchBounds {
  readonly intervalMs: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** What is written at once. */
export interface Batch {
  readonly events: readonly Event[];
  /** Deliveries whose last event is in this batch: acknowledged once it is written. */
  readonly finished: readonly Delivery[];
  readonly bytes: number;
}

/** A delivery of which some events wait. */
interface Entry {
  readonly delivery: Delivery;
  readonly ordinal: number;
  readonly arrivedMs: number;
  next: number;
}

/** Deliveries that wait to be written, in order. */
export interface BatchBuffer {
  readonly events: number;
  readonly bytes: number;
  add(delivery: Delivery, nowMs: number): void;
  /** How long until a batch is due, in milliseconds: 0 is now, `undefined` when nothing waits. */
  dueInMs(nowMs: number): number | undefined;
  /** Takes the next batch within the bounds. A delivery can be split over several. */
  take(): Batch;
}

/** Creates an empty buffer. */
export function createBatchBuffer(bounds: BatchBounds): BatchBuffer {
  const entries: (Entry | undefined)[] = [];
  let head = 0;
  let ordinals = 0;
  let urgentThrough = 0;
  let waitingEvents = 0;
  let waitingBytes = 0;

  const takeFrom = (
    entry: Entry,
    events: Event[],
    room: () => boolean,
    count: (bytes: number) => void,
  ): boolean => {
    const all = entry.delivery.events;
    // Somebody else owns these now and will write them.
    const isSuperseded = entry.delivery.signal.aborted;
    while (entry.next < all.length && (isSuperseded || room())) {
      const event = all[entry.next] as Event;
      const bytes = encodedSize(event);
      entry.next += 1;
      waitingEvents -= 1;
      waitingBytes -= bytes;
      if (isSuperseded) continue;
      events.push(event);
      count(bytes);
    }
    return entry.next >= all.length;
  };

  return {
    get events() {
      return waitingEvents;
    },
    get bytes() {
      return waitingBytes;
    },
    add(delivery, nowMs) {
      ordinals += 1;
      entries.push({ delivery, ordinal: ordinals, arrivedMs: nowMs, next: 0 });
      waitingEvents += delivery.events.length;
      for (const event of delivery.events) waitingBytes += encodedSize(event);
      if (delivery.flush) urgentThrough = ordinals;
    },
    dueInMs(nowMs) {
      const first = entries[head];
      if (first === undefined) return undefined;
      if (first.ordinal <= urgentThrough) return 0;
      if (waitingEvents >= bounds.maxEvents || waitingBytes >= bounds.maxBytes) return 0;
      return Math.max(0, first.arrivedMs + bounds.intervalMs - nowMs);
    },
    take() {
      const events: Event[] = [];
      const finished: Delivery[] = [];
      let bytes = 0;
      const room = (): boolean => events.length < bounds.maxEvents && bytes < bounds.maxBytes;
      for (let entry = entries[head]; entry !== undefined; entry = entries[head]) {
        if (!takeFrom(entry, events, room, (size) => (bytes += size))) break;
        finished.push(entry.delivery);
        // Its events must not stay in memory until the list is cut.
        entries[head] = undefined;
        head += 1;
      }
      if (head > 1_000 || head === entries.length) {
        entries.splice(0, head);
        head = 0;
      }
      return { events, finished, bytes };
    },
  };
}
