import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';

/** Bits are packed in planes of this width, so that the accumulator stays a 32-bit integer. */
const PLANE_BITS = 24;

/** Packs the low `width` bits (at most 53) of non-negative integers: a plane of 24 bits each, the lowest first. */
export function packBits(writer: ByteWriter, values: ArrayLike<number>, width: number): void {
  for (let shift = 0; shift < width; shift += PLANE_BITS)
    packPlane(writer, values, 2 ** shift, Math.min(PLANE_BITS, width - shift));
}

/** Unpacks integers that `packBits` packed. */
export function unpackBits(reader: ByteReader, count: number, width: number): Float64Array {
  const values = new Float64Array(count);
  for (let shift = 0; shift < width; shift += PLANE_BITS)
    unpackPlane(reader, values, 2 ** shift, Math.min(PLANE_BITS, width - shift));
  return values;
}

function packPlane(writer: ByteWriter, values: ArrayLike<number>, unit: number, width: number): void {
  const mask = 2 ** width - 1;
  const bytes = new Uint8Array(Math.ceil((values.length * width) / 8));
  let offset = 0;
  let pending = 0;
  let pendingBits = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const plane = unit === 1 ? lowBits(value) : lowBits(Math.floor(value / unit));
    pending |= (plane & mask) << pendingBits;
    for (pendingBits += width; pendingBits >= 8; pendingBits -= 8) {
      bytes[offset++] = pending & 0xff;
      pending >>>= 8;
    }
  }
  if (pendingBits > 0) bytes[offset] = pending;
  writer.bytes(bytes);
}

function unpackPlane(reader: ByteReader, values: Float64Array, unit: number, width: number): void {
  const mask = 2 ** width - 1;
  const bytes = reader.bytes(Math.ceil((values.length * width) / 8));
  let offset = 0;
  let pending = 0;
  let pendingBits = 0;
  for (let index = 0; index < values.length; index++) {
    for (; pendingBits < width; pendingBits += 8) pending |= (bytes[offset++] as number) << pendingBits;
    (values[index] as number) += (pending & mask) * unit;
    pending >>>= width;
    pendingBits -= width;
  }
}

/** Returns the lowest 32 bits of a non-negative integer. */
function lowBits(value: number): number {
  return (value % 2 ** 32) | 0;
}
