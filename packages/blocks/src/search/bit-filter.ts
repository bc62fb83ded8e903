/**
 * Bits that stand for a set of hashes: a Bloom filter. It can be halved after hashes were added, which joins its halves.
 *
 * The number of bits is a power of two. The low bits of a hash select its bit, so that they still do after halving.
 */
export class BitFilter {
  readonly bytes: Uint8Array;
  readonly #mask: number;

  /** @param bytes - A power of two of them. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#mask = bytes.byteLength * 8 - 1;
  }

  add(hash: number): void {
    const bit = hash & this.#mask;
    (this.bytes[bit >>> 3] as number) |= 1 << (bit & 7);
  }

  has(hash: number): boolean {
    const bit = hash & this.#mask;
    return ((this.bytes[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
  }

  /** Returns the share of bits that are set. */
  fill(): number {
    let set = 0;
    for (const byte of this.bytes) set += BITS_OF_BYTE[byte] as number;
    return set / (this.bytes.byteLength * 8);
  }

  /** Returns a filter of half the size that has every hash of this one. */
  halve(): BitFilter {
    const half = this.bytes.byteLength / 2;
    return new BitFilter(
      this.bytes.slice(0, half).map((byte, index) => byte | (this.bytes[half + index] as number)),
    );
  }
}

const BITS_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});

/**
 * Halves filters of one size while less than a share of their bits is set.
 *
 * @param maxFill - The share that may be set on average.
 */
export function shrink(filters: readonly BitFilter[], maxFill: number): readonly BitFilter[] {
  for (let smaller = filters; ;) {
    const current = smaller;
    if ((current[0]?.bytes.byteLength ?? 1) === 1) return current;
    smaller = current.map((filter) => filter.halve());
    const fill = smaller.reduce((sum, filter) => sum + filter.fill(), 0) / smaller.length;
    if (fill > maxFill) return current;
  }
}
