import { HASH_START, hashText, mixHash } from '../bytes/hash';
import type { BitFilter } from './bit-filter';

/** 2^32 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;
/** The low bits of a product depend on few bits of the key. */
const LOW_BITS = 16;
/** Bits that a token other than a trigram sets. */
const TOKEN_BITS = 4;

/** By byte: the folded form of an ASCII character. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

/**
 * The tokens of a group of events. It may claim to contain one that was never added, but never misses one.
 *
 * A trigram of a message sets one bit, because a search for text tests many of them. Any other token sets four, in a
 * filter of its own: some trigrams are in every group, so their bits would say nothing about other tokens.
 */
export class TokenSet {
  readonly trigrams: BitFilter;
  readonly tokens: BitFilter;

  constructor(trigrams: BitFilter, tokens: BitFilter) {
    this.trigrams = trigrams;
    this.tokens = tokens;
  }

  /** Adds the trigrams of a folded text. */
  addTrigrams(text: string): void {
    for (let index = 2; index < text.length; index++) this.trigrams.add(hashOfTrigram(text, index));
  }

  /** Adds the trigrams of a range of ASCII, folded. */
  addAsciiTrigrams(ascii: Uint8Array, start: number, end: number): void {
    if (end - start < 3) return;
    const { trigrams } = this;
    let key =
      ((FOLDED[ascii[start] as number] as number) << 8) | (FOLDED[ascii[start + 1] as number] as number);
    for (let index = start + 2; index < end; index++) {
      key = ((key << 8) & 0xffffff) | (FOLDED[ascii[index] as number] as number);
      trigrams.add(hashOfKey(key));
    }
  }

  /** Returns whether all trigrams of a folded text may have been added. */
  hasTrigrams(text: string): boolean {
    for (let index = 2; index < text.length; index++)
      if (!this.trigrams.has(hashOfTrigram(text, index))) return false;
    return true;
  }

  add(token: number): void {
    const step = stepOf(token);
    for (let bit = 0; bit < TOKEN_BITS; bit++) this.tokens.add(token + bit * step);
  }

  has(token: number): boolean {
    const step = stepOf(token);
    for (let bit = 0; bit < TOKEN_BITS; bit++) if (!this.tokens.has(token + bit * step)) return false;
    return true;
  }
}

/** Starts the hash of a tag. */
export const TAG_START = hashText('t', HASH_START);

/** Returns the token of a tag. */
export function tagToken(tag: string): number {
  return mixHash(hashText(tag, TAG_START));
}

/** Returns the token of a path of `data` that has a value, from the hash of the path. */
export function pathToken(path: number): number {
  return mixHash(path);
}

/** Starts the hash of a value from the hash of its path. */
export function startOfValue(path: number): number {
  return hashText('=', path);
}

/** Returns the token of a value at a path of `data`, from the hash of the path. */
export function valueToken(path: number, value: string): number {
  return mixHash(hashText(value, startOfValue(path)));
}

/** Returns the distance of the bits of a token. It is odd, so that they differ. */
function stepOf(token: number): number {
  return (token >>> 16) | 1;
}

/** Returns the hash of the trigram that ends at an index. */
function hashOfTrigram(text: string, end: number): number {
  return hashOfKey((text.charCodeAt(end - 2) << 16) ^ (text.charCodeAt(end - 1) << 8) ^ text.charCodeAt(end));
}

function hashOfKey(key: number): number {
  return Math.imul(key, MULTIPLIER) >>> LOW_BITS;
}
