import { encodeEvent } from '@vigilant/core';
import type { Event } from '@vigilant/core';

// Events cross threads as buffers that are handed over: a count, that many lengths, then the encoded events one after
// another. Integers are unsigned, 32 bits, little-endian.

/** Buffers aim at this size; a larger event has one of its own. */
const CHUNK_BYTES = 1024 * 1024;

/** Lays encoded events into buffers that can be handed over. */
export function packBytes(encoded: readonly Uint8Array[]): ArrayBuffer[] {
  const chunks: ArrayBuffer[] = [];
  for (let start = 0; start < encoded.length;) {
    let bytes = 0;
    let end = start;
    for (; end < encoded.length && (end === start || bytes < CHUNK_BYTES); end += 1) {
      bytes += (encoded[end] as Uint8Array).byteLength;
    }
    chunks.push(packChunk(encoded.slice(start, end), bytes));
    start = end;
  }
  return chunks;
}

/** Lays events into buffers that can be handed over. */
export function packEvents(events: readonly Event[]): ArrayBuffer[] {
  return packBytes(events.map(encodeEvent));
}

/** Gives the encoded events of a buffer, as views on it. @throws {RangeError} when it is damaged */
export function unpack(chunk: ArrayBuffer | Uint8Array): Uint8Array[] {
  const bytes = chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  const events: Uint8Array[] = [];
  let offset = 4 + count * 4;
  if (offset > bytes.byteLength) throw new RangeError('The lengths do not fit.');
  for (let index = 0; index < count; index += 1) {
    const length = view.getUint32(4 + index * 4, true);
    if (offset + length > bytes.byteLength) throw new RangeError('An event does not fit.');
    events.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return events;
}

/** Lays encoded events, so many bytes together, into one buffer. */
export function packChunk(encoded: readonly Uint8Array[], bytes: number): ArrayBuffer {
  const headBytes = 4 + encoded.length * 4;
  const chunk = new ArrayBuffer(headBytes + bytes);
  const view = new DataView(chunk);
  const target = new Uint8Array(chunk);
  view.setUint32(0, encoded.length, true);
  let offset = headBytes;
  encoded.forEach((event, index) => {
    view.setUint32(4 + index * 4, event.byteLength, true);
    target.set(event, offset);
    offset += event.byteLength;
  });
  return chunk;
}
