import { bitsAt } from '../bytes/packed-bits';

/** Bits of an integer are read in two pieces of at most this width, so that they fit in a word of 32 bits at any offset. */
const PIECE_BITS = 24;
/** Bytes after the last integer, so that reading a word stays within the bytes. */
const PADDING = 4;

/** Maximum width of an integer in bits. */
export const MAX_PACKED_WIDTH = 2 * PIECE_BITS;

/** Returns the number of bits that the integers up to `max` need. */
export function widthOf(max: number): number {
  let width = 0;
  for (let rest = max; rest >= 1; rest /= 2) width += 1;
  return width;
}

/** Returns the number of bytes of packed integers. */
export function packedBytes(count: number, width: number): number {
  return Math.ceil((count * width) / 8) + PADDING;
}

/** Packs non-negative integers of `width` bits one after another, the lowest bits first. */
export function packIntegers(values: ArrayLike<number>, width: number): Uint8Array {
  const packer = new Packer(packedBytes(values.length, width));
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (width <= PIECE_BITS) packer.put(value, width);
    else {
      const high = Math.floor(value / 2 ** PIECE_BITS);
      packer.put(value - high * 2 ** PIECE_BITS, PIECE_BITS);
      packer.put(high, width - PIECE_BITS);
    }
  }
  return packer.finish();
}

class Packer {
  readonly #bytes: Uint8Array;
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  put(piece: number, width: number): void {
    const bytes = this.#bytes;
    let pending = this.#pending | (piece << this.#pendingBits);
    let bits = this.#pendingBits + width;
    for (; bits >= 8; bits -= 8) {
      bytes[this.#length++] = pending;
      pending >>>= 8;
    }
    this.#pending = pending;
    this.#pendingBits = bits;
  }

  finish(): Uint8Array {
    this.#bytes[this.#length] = this.#pending;
    return this.#bytes;
  }
}

/** Integers that `packIntegers` packed, each unpacked when it is read. */
export class PackedIntegers {
  readonly #bytes: Uint8Array;
  readonly #width: number;

  constructor(bytes: Uint8Array, width: number) {
    this.#bytes = bytes;
    this.#width = width;
  }

  get(index: number): number {
    const bit = index * this.#width;
    if (this.#width <= PIECE_BITS) return bitsAt(this.#bytes, bit, this.#width);
    const high = bitsAt(this.#bytes, bit + PIECE_BITS, this.#width - PIECE_BITS);
    return bitsAt(this.#bytes, bit, PIECE_BITS) + high * 2 ** PIECE_BITS;
  }
}
