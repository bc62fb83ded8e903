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
    for (const word of wordsOf(this.bytes)) set += countBits(word);
    return set / (this.bytes.byteLength * 8);
  }

  /** Returns a filter of half the size that has every hash of this one. */
  halve(): BitFilter {
    const half = this.bytes.byteLength / 2;
    const rest = new BitFilter(this.bytes.subarray(half));
    return addFilters(new BitFilter(this.bytes.slice(0, half)), [rest]);
  }
}

/** Returns the bytes of a filter that was created in memory as words. */
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / WORD_BYTES);
}

const WORD_BYTES = Uint32Array.BYTES_PER_ELEMENT;

/** Counts the bits of a word that are set, by adding neighbours in pairs. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Adds every hash of some filters to another one of their size. */
export function addFilters(target: BitFilter, filters: readonly BitFilter[]): BitFilter {
  const words = wordsOf(target.bytes);
  for (const { bytes } of filters) {
    const others = wordsOf(bytes);
    for (let index = 0; index < words.length; index++) (words[index] as number) |= others[index] as number;
  }
  return target;
}

/** A filter is not made smaller than this. */
const MIN_BYTES = 8;

/**
 * Halves filters of one size while less than a share of their bits is set.
 *
 * @param maxFill - The share that may be set on average.
 */
export function shrink(filters: readonly BitFilter[], maxFill: number): readonly BitFilter[] {
  for (let smaller = filters; ;) {
    const current = smaller;
    if ((current[0]?.bytes.byteLength ?? 0) <= MIN_BYTES) return current;
    smaller = current.map((filter) => filter.halve());
    const fill = smaller.reduce((sum, filter) => sum + filter.fill(), 0) / smaller.length;
    if (fill > maxFill) return current;
  }
}
