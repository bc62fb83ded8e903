import type { EncodedEvents } from '@vigilant/core/adapter';
import { createEventEncoder, framesOf } from '@vigilant/core/adapter';

// Events cross threads as the frames of `EncodedEvents`, in buffers that are transferred.

/** Size at which a buffer is full. A larger event has its own buffer. */
const CHUNK_BYTES = 1024 * 1024;

/** Copies events into buffers that can be transferred. */
export function packEncoded({ parts }: EncodedEvents): ArrayBuffer[] {
  const chunks: ArrayBuffer[] = [];
  for (let start = 0; start < parts.length;) {
    let bytes = 0;
    let end = start;
    for (; end < parts.length && (end === start || bytes < CHUNK_BYTES); end += 1)
      bytes += (parts[end] as Uint8Array).byteLength;
    const chunk = new Uint8Array(bytes);
    copyParts(parts.slice(start, end), chunk, 0);
    chunks.push(chunk.buffer);
    start = end;
  }
  return chunks;
}

/** Returns the size of buffers of packed events. */
export function packedBytes(chunks: readonly ArrayBuffer[]): number {
  return chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Returns the frames of all buffers in one. */
export function joinChunks(chunks: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return new Uint8Array(first);
  const joined = new Uint8Array(packedBytes(chunks));
  copyParts(
    chunks.map((chunk) => new Uint8Array(chunk)),
    joined,
    0,
  );
  return joined;
}

/** Packs encoded events into buffers that can be transferred. */
export function packBytes(encoded: readonly Uint8Array[]): ArrayBuffer[] {
  const encoder = createEventEncoder();
  for (const bytes of encoded) encoder.addBytes(bytes);
  return packEncoded(encoder.finish());
}

/** Copies parts one after another; returns the offset after them. */
export function copyParts(parts: readonly Uint8Array[], target: Uint8Array, start: number): number {
  let offset = start;
  for (const part of parts) {
    target.set(part, offset);
    offset += part.byteLength;
  }
  return offset;
}

/** Returns the encoded events of a buffer as views on it. */
export function unpack(chunk: ArrayBuffer | Uint8Array): Uint8Array[] {
  return framesOf(chunk instanceof Uint8Array ? chunk : Buffer.from(chunk));
}
