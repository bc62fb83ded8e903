import { PLANE_BITS, bytesOfPlane } from './bits';
import type { ByteReader } from './byte-reader';

const NO_BYTES = Buffer.alloc(0);

/** Returns the integer of `width` bits, at most 24, that starts at a bit. The bytes after it may be missing. */
export function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >>> 3;
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  const high = ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
  return ((low | high) >>> (bit & 7)) & ((1 << width) - 1);
}

/** Integers that `packBits` packed, each unpacked when it is read. */
export class PackedBits {
  readonly width: number;
  readonly #lowWidth: number;
  readonly #low: Buffer;
  readonly #highWidth: number;
  readonly #high: Buffer;

  /** @throws {DamagedBlockError} when bytes are missing. */
  constructor(reader: ByteReader, count: number, width: number) {
    this.width = width;
    this.#lowWidth = Math.min(width, PLANE_BITS);
    this.#low = width === 0 ? NO_BYTES : reader.bytes(bytesOfPlane(count, this.#lowWidth));
    this.#highWidth = width - this.#lowWidth;
    this.#high = this.#highWidth === 0 ? NO_BYTES : reader.bytes(bytesOfPlane(count, this.#highWidth));
  }

  /** The bytes, if each of them holds several whole integers. */
  get sharedBytes(): Uint8Array | undefined {
    return this.width > 0 && this.width < 8 && 8 % this.width === 0 ? this.#low : undefined;
  }

  /** Unpacks the integers from `start` up to, not including, `end`. */
  unpack(start: number, end: number, target: Int32Array): void {
    if (this.width === 0) target.fill(0, 0, end - start);
    else unpackPlane(this.#low, this.#lowWidth, start, end, target);
    if (this.#highWidth > 0)
      for (let index = start; index < end; index++) target[index - start] = this.get(index);
  }

  get(index: number): number {
    const low = this.#lowWidth === 0 ? 0 : bitsAt(this.#low, index * this.#lowWidth, this.#lowWidth);
    if (this.#highWidth === 0) return low;
    return low | (bitsAt(this.#high, index * this.#highWidth, this.#highWidth) << PLANE_BITS);
  }
}

/** Does the same as `bitsAt` for consecutive integers, without a call for each. */
function unpackPlane(bytes: Buffer, width: number, start: number, end: number, target: Int32Array): void {
  const mask = (1 << width) - 1;
  const count = end - start;
  for (let index = 0, bit = start * width; index < count; index++, bit += width) {
    const at = bit >>> 3;
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    const high = ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    target[index] = ((low | high) >>> (bit & 7)) & mask;
  }
}
