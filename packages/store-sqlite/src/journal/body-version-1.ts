import { encodeParts, readEncoded } from '@vigilant/core/adapter';
import { joinChunks, packBytes } from '../thread/packing';

// Version 1 of `batch.body`: the number of events, their sizes, then the events as JSON. Integers are unsigned, 32 bits,
// little-endian.

/** Converts a body of version 1 to frames. @throws if it is damaged */
export function convertBody(body: Uint8Array): ArrayBuffer {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const count = view.getUint32(0, true);
  const encoded: Uint8Array[] = [];
  let offset = 4 + count * 4;
  if (offset > body.byteLength) throw new RangeError('The lengths exceed the buffer.');
  for (let index = 0; index < count; index += 1) {
    const length = view.getUint32(4 + index * 4, true);
    if (offset + length > body.byteLength) throw new RangeError('An event exceeds the buffer.');
    const { head, dataJson } = readEncoded(body.subarray(offset, offset + length));
    encoded.push(encodeParts(head, dataJson));
    offset += length;
  }
  return joinChunks(packBytes(encoded)).buffer;
}
