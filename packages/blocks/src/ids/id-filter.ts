import { HASH_RANGE } from './hash-id';

/** Bits of the filter for each entry. With 12 bits about 0.5 % of absent hashes pass. */
const BITS_PER_ENTRY = 12;
/** Each group has eight words of 32 bits, and a hash sets one bit of each. So a test touches one cache line. */
const GROUP_BYTES = 32;
const WORD_BYTES = 4;
/** Each selects the bit of one word. Odd numbers as in the split block filters of Apache Parquet. */
const SALTS = Int32Array.of(
  0x47b6137b,
  0x44974d91,
  0x8824ad5b,
  0xa2b7289d,
  0x705495c7,
  0x2df1424b,
  0x9efc4947,
  0x5c6bfb31,
);

/** A Bloom filter in groups. It may report a hash that was never added, but never misses one that was. */
export class IdFilter {
  readonly bytes: Uint8Array;
  readonly #groupsPerHash: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#groupsPerHash = bytes.byteLength / GROUP_BYTES / HASH_RANGE;
  }

  /** Creates an empty filter for a number of hashes. */
  static ofSize(entries: number): IdFilter {
    const groups = Math.max(1, Math.ceil((entries * BITS_PER_ENTRY) / 8 / GROUP_BYTES));
    return new IdFilter(new Uint8Array(groups * GROUP_BYTES));
  }

  add(hash: number): void {
    const start = this.#startOf(hash);
    for (let word = 0; word < SALTS.length; word++) {
      const bit = bitOf(hash, word);
      (this.bytes[start + word * WORD_BYTES + (bit >>> 3)] as number) |= 1 << (bit & 7);
    }
  }

  /** Returns whether a hash may have been added. */
  has(hash: number): boolean {
    const start = this.#startOf(hash);
    for (let word = 0; word < SALTS.length; word++) {
      const bit = bitOf(hash, word);
      if (((this.bytes[start + word * WORD_BYTES + (bit >>> 3)] as number) & (1 << (bit & 7))) === 0)
        return false;
    }
    return true;
  }

  #startOf(hash: number): number {
    return Math.floor(hash * this.#groupsPerHash) * GROUP_BYTES;
  }
}

/** Returns which of the 32 bits of a word belongs to a hash. */
function bitOf(hash: number, word: number): number {
  return Math.imul(hash | 0, SALTS[word] as number) >>> 27;
}
