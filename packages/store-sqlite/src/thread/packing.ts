import type { Event } from '@vigilant/core';
import { encodeEvent } from '@vigilant/core/adapter';

// Events cross threads in transferred buffers: the number of events, their lengths, then the encoded events. Integers are
// unsigned, 32 bits, little-endian.

/** Size at which a buffer is full. A larger event has its own buffer. */
const CHUNK_BYTES = 1024 * 1024;

/** Packs encoded events into buffers that can be transferred. */
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

/** Packs events into buffers that can be transferred. */
export function packEvents(events: readonly Event[]): ArrayBuffer[] {
  return packBytes(events.map(encodeEvent));
}

/** Returns the encoded events of a buffer as views on it. @throws {RangeError} if the buffer is damaged */
export function unpack(chunk: ArrayBuffer | Uint8Array): Uint8Array[] {
  const bytes = chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  const events: Uint8Array[] = [];
  let offset = 4 + count * 4;
  if (offset > bytes.byteLength) throw new RangeError('The lengths exceed the buffer.');
  for (let index = 0; index < count; index += 1) {
    const length = view.getUint32(4 + index * 4, true);
    if (offset + length > bytes.byteLength) throw new RangeError('An event exceeds the buffer.');
    events.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return events;
}

/** Packs encoded events into one buffer. @param bytes - Their total size. */
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
