import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';

/** Bits are packed in planes of this width, so that the accumulator stays a 32-bit integer. */
const PLANE_BITS = 24;

/** Packs the low `width` bits (at most 31) of integers: a plane of 24 bits, then one of the others. */
export function packBits(writer: ByteWriter, values: Int32Array, width: number): void {
  for (let shift = 0; shift < width; shift += PLANE_BITS)
    packPlane(writer, values, shift, Math.min(PLANE_BITS, width - shift));
}

/** Unpacks integers that `packBits` packed. */
export function unpackBits(reader: ByteReader, count: number, width: number): Int32Array {
  const values = new Int32Array(count);
  for (let shift = 0; shift < width; shift += PLANE_BITS)
    unpackPlane(reader, values, shift, Math.min(PLANE_BITS, width - shift));
  return values;
}

function packPlane(writer: ByteWriter, values: Int32Array, shift: number, width: number): void {
  const mask = (1 << width) - 1;
  const bytes = new Uint8Array(Math.ceil((values.length * width) / 8));
  let offset = 0;
  let pending = 0;
  let pendingBits = 0;
  for (let index = 0; index < values.length; index++) {
    pending |= (((values[index] as number) >> shift) & mask) << pendingBits;
    for (pendingBits += width; pendingBits >= 8; pendingBits -= 8) {
      bytes[offset++] = pending;
      pending >>>= 8;
    }
  }
  if (pendingBits > 0) bytes[offset] = pending;
  writer.bytes(bytes);
}

function unpackPlane(reader: ByteReader, values: Int32Array, shift: number, width: number): void {
  const mask = (1 << width) - 1;
  const bytes = reader.bytes(Math.ceil((values.length * width) / 8));
  let offset = 0;
  let pending = 0;
  let pendingBits = 0;
  for (let index = 0; index < values.length; index++) {
    for (; pendingBits < width; pendingBits += 8) pending |= (bytes[offset++] as number) << pendingBits;
    (values[index] as number) |= (pending & mask) << shift;
    pending >>>= width;
    pendingBits -= width;
  }
}
