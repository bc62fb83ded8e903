import type { EventRow } from './binary-encoding';
import { readReceivedAt, readU32, rowToBinaryParts } from './binary-encoding';
import { decodeEvent, knownBytes, writeEvent } from './codec';
import { unreadable } from './encoded-parts';
import type { Event } from './event';
import { FRAME_HEAD_BYTES, eventSlab } from './event-slab';
import { fromMicros } from './timestamp';

/**
 * Encoded events, in order. They occupy less memory than events, and cross threads without being decoded.
 *
 * Each event is a frame: its size as an unsigned 32-bit integer, little-endian, and its bytes from `encodeEvent`.
 */
export interface EncodedEvents {
  readonly count: number;
  /** Sum of the sizes of the encoded events. */
  readonly bytes: number;
  /** The frames. No frame crosses the end of a part. */
  readonly parts: readonly Uint8Array[];
  /** Decodes all events. @throws {VigilantError} `VIGILANT_EVENT_INVALID` if one is damaged */
  decode(): readonly Event[];
  /** Decodes one event. @throws {VigilantError} As `decode`. */
  at(index: number): Event;
  /** Returns the events from `start` up to, not including, `end`. */
  slice(start: number, end: number): EncodedEvents;
  /** Returns how many of the first events reach `maxEvents` or `maxBytes`. */
  countWithin(maxEvents: number, maxBytes: number): number;
  /** Returns the earliest receipt in milliseconds since the epoch; `undefined` without events. */
  earliestReceipt(): number | undefined;
}

/** Collects events in encoded form. */
export interface EventEncoder {
  readonly count: number;
  /** Adds an event; returns its encoded size. @param dataJson - The JSON of its data, if it is known. */
  add(event: Event, dataJson?: string): number;
  /** Adds an event as a store keeps it; returns its encoded size. */
  addRow(row: EventRow): number;
  /** Adds the bytes of an event of version 2. */
  addBytes(event: Uint8Array): void;
  addAll(events: EncodedEvents): void;
  /** Returns the events that were added. */
  finish(): EncodedEvents;
}

/** An encoder that also collects events that are already in the slab. */
export interface SlabEventEncoder extends EventEncoder {
  /** Adds the last event of the slab. Returns its size. @param start - The offset of its frame. */
  addFrame(start: number): number;
}

/** Creates an encoder without events. */
export function createEventEncoder(): EventEncoder {
  return createSlabEncoder();
}

/** Creates an encoder without events. */
export function createSlabEncoder(): SlabEventEncoder {
  return new SlabEncoder();
}

/** Encodes events. */
export function encodeAll(events: readonly Event[]): EncodedEvents {
  const encoder = createEventEncoder();
  for (const event of events) encoder.add(event);
  return encoder.finish();
}

/** Joins encoded events. */
export function joinEncoded(list: readonly EncodedEvents[]): EncodedEvents {
  const [first] = list;
  if (first !== undefined && list.length === 1) return first;
  const encoder = createEventEncoder();
  for (const events of list) encoder.addAll(events);
  return encoder.finish();
}

/** Reads frames from another thread or a file. @throws {VigilantError} `VIGILANT_EVENT_INVALID` if one is incomplete */
export function readFrames(frames: Uint8Array): EncodedEvents {
  let count = 0;
  for (let offset = 0; offset < frames.length; count += 1) {
    const end = offset + FRAME_HEAD_BYTES;
    offset = end <= frames.length ? end + readU32(frames, offset) : Infinity;
    if (offset > frames.length) throw unreadable('it is incomplete');
  }
  return new FramedEvents([frames], count, frames.length - count * FRAME_HEAD_BYTES);
}

/** Returns views of the encoded events, without their frames. */
export function framesOf(frames: Uint8Array): Uint8Array[] {
  const events: Uint8Array[] = [];
  for (let offset = 0; offset < frames.length;) {
    const start = offset + FRAME_HEAD_BYTES;
    offset = start + readU32(frames, offset);
    events.push(frames.subarray(start, offset));
  }
  return events;
}

class FramedEvents implements EncodedEvents {
  readonly parts: readonly Uint8Array[];
  readonly count: number;
  readonly bytes: number;

  constructor(parts: readonly Uint8Array[], count: number, bytes: number) {
    this.parts = parts;
    this.count = count;
    this.bytes = bytes;
  }

  decode(): readonly Event[] {
    return this.parts.flatMap((part) => framesOf(part).map(decodeEvent));
  }

  at(index: number): Event {
    return this.slice(index, index + 1).decode()[0] as Event;
  }

  slice(start: number, end: number): EncodedEvents {
    if (start <= 0 && end >= this.count) return this;
    const parts: Uint8Array[] = [];
    let index = 0;
    let bytes = 0;
    for (const part of this.parts) {
      let [from, to] = [part.length, 0];
      for (let offset = 0; offset < part.length && index < end; index += 1) {
        const next = offset + FRAME_HEAD_BYTES + readU32(part, offset);
        if (index >= start) [from, to] = [Math.min(from, offset), next];
        offset = next;
      }
      if (from < to) parts.push(part.subarray(from, to));
      bytes += Math.max(0, to - from);
    }
    const count = Math.max(0, Math.min(end, this.count) - start);
    return new FramedEvents(parts, count, bytes - count * FRAME_HEAD_BYTES);
  }

  countWithin(maxEvents: number, maxBytes: number): number {
    if (this.count <= maxEvents && this.bytes < maxBytes) return this.count;
    let count = 0;
    let bytes = 0;
    for (const part of this.parts) {
      for (let offset = 0; offset < part.length; count += 1) {
        if (count >= maxEvents || bytes >= maxBytes) return count;
        const size = readU32(part, offset);
        bytes += size;
        offset += FRAME_HEAD_BYTES + size;
      }
    }
    return count;
  }

  earliestReceipt(): number | undefined {
    let earliest: number | undefined;
    for (const part of this.parts) {
      for (let offset = 0; offset < part.length; offset += FRAME_HEAD_BYTES + readU32(part, offset)) {
        const receivedAt = readReceivedAt(part, offset + FRAME_HEAD_BYTES);
        if (earliest === undefined || receivedAt < earliest) earliest = receivedAt;
      }
    }
    return earliest === undefined ? undefined : fromMicros(earliest);
  }
}

class SlabEncoder implements SlabEventEncoder {
  readonly #parts: Uint8Array[] = [];
  #count = 0;
  #bytes = 0;
  /** The slab of the current part, and the bounds of the part in it. */
  #slab: Buffer | undefined;
  #start = 0;
  #end = 0;

  get count(): number {
    return this.#count;
  }

  add(event: Event, dataJson?: string): number {
    const known = knownBytes(event);
    return this.addFrame(known === undefined ? writeEvent(event, dataJson) : eventSlab.copy(known));
  }

  addRow(row: EventRow): number {
    return this.addFrame(eventSlab.append(rowToBinaryParts(row)));
  }

  addBytes(event: Uint8Array): void {
    this.addFrame(eventSlab.copy(event));
  }

  addFrame(start: number): number {
    if (this.#slab !== eventSlab.bytes || this.#end !== start) {
      this.#endPart();
      this.#slab = eventSlab.bytes;
      this.#start = start;
    }
    this.#end = eventSlab.used;
    this.#count += 1;
    const bytes = this.#end - start - FRAME_HEAD_BYTES;
    this.#bytes += bytes;
    return bytes;
  }

  addAll({ parts, count, bytes }: EncodedEvents): void {
    this.#endPart();
    this.#parts.push(...parts);
    this.#count += count;
    this.#bytes += bytes;
  }

  finish(): EncodedEvents {
    this.#endPart();
    return new FramedEvents(this.#parts, this.#count, this.#bytes);
  }

  #endPart(): void {
    if (this.#slab !== undefined) this.#parts.push(this.#slab.subarray(this.#start, this.#end));
    this.#slab = undefined;
  }
}
