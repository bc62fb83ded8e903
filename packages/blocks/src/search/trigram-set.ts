import type { BitFilter } from './bit-filter';

/** 2^32 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;
/** The low bits of a product depend on few bits of the key. */
const LOW_BITS = 16;

/** By byte: the folded form of an ASCII character. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

/**
 * The trigrams of some messages: three consecutive characters, folded. It may report one that was never added, but never misses
 * one. A trigram sets one bit, because a search for text tests many of them.
 */
export class TrigramSet {
  readonly filter: BitFilter;

  constructor(filter: BitFilter) {
    this.filter = filter;
  }

  /** Adds the trigrams of a folded text. */
  add(text: string): void {
    for (let index = 2; index < text.length; index++) this.filter.add(hashOfTrigram(text, index));
  }

  /** Adds the trigrams of a range of ASCII, folded. */
  addAscii(ascii: Uint8Array, start: number, end: number): void {
    if (end - start < 3) return;
    const { filter } = this;
    let key =
      ((FOLDED[ascii[start] as number] as number) << 8) | (FOLDED[ascii[start + 1] as number] as number);
    for (let index = start + 2; index < end; index++) {
      key = ((key << 8) & 0xffffff) | (FOLDED[ascii[index] as number] as number);
      filter.add(hashOfKey(key));
    }
  }

  /** Returns whether all trigrams of a folded text may have been added. */
  has(text: string): boolean {
    for (let index = 2; index < text.length; index++)
      if (!this.filter.has(hashOfTrigram(text, index))) return false;
    return true;
  }
}

/** Returns the hash of the trigram that ends at an index. */
function hashOfTrigram(text: string, end: number): number {
  return hashOfKey((text.charCodeAt(end - 2) << 16) ^ (text.charCodeAt(end - 1) << 8) ^ text.charCodeAt(end));
}

function hashOfKey(key: number): number {
  return Math.imul(key, MULTIPLIER) >>> LOW_BITS;
}
