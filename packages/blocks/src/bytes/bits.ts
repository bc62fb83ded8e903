import type { ByteWriter } from './byte-writer';

/** Bits are packed in planes of this width, so that the accumulator stays a 32-bit integer. */
export const PLANE_BITS = 24;

/** Returns the number of bytes of a plane. */
export function bytesOfPlane(count: number, width: number): number {
  return Math.ceil((count * width) / 8);
}

/** Packs the low `width` bits (at most 31) of integers: a plane of 24 bits, then one of the others. */
export function packBits(writer: ByteWriter, values: Int32Array, width: number): void {
  for (let shift = 0; shift < width; shift += PLANE_BITS)
    packPlane(writer, values, shift, Math.min(PLANE_BITS, width - shift));
}

function packPlane(writer: ByteWriter, values: Int32Array, shift: number, width: number): void {
  const mask = (1 << width) - 1;
  const bytes = new Uint8Array(bytesOfPlane(values.length, width));
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
