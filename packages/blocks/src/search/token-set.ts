import { HASH_START, hashText, mixHash } from '../bytes/hash';

/** Bits of one set. With 256 events, 2^14 bits keep false matches rare; half as many cause too many false matches. */
const BITS = 2 ** 14;
const INDEX_BITS = 14;
/** 2^32 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;

/** By byte: the folded form of an ASCII character. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

/** Number of bytes of a set. */
export const TOKEN_SET_BYTES = BITS / 8;

/**
 * A set of tokens that may claim to contain one that was never added, but never misses one: a Bloom filter.
 *
 * A trigram of a message sets one bit, because a search for text tests many of them. Any other token sets two.
 */
export class TokenSet {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array(TOKEN_SET_BYTES)) {
    this.bytes = bytes;
  }

  /** Adds the trigrams of a folded text. */
  addTrigrams(text: string): void {
    for (let index = 2; index < text.length; index++) this.#add(bitOfTrigram(text, index));
  }

  /** Adds the trigrams of a range of ASCII, folded. */
  addAsciiTrigrams(ascii: Uint8Array, start: number, end: number): void {
    if (end - start < 3) return;
    const { bytes } = this;
    let key =
      ((FOLDED[ascii[start] as number] as number) << 8) | (FOLDED[ascii[start + 1] as number] as number);
    for (let index = start + 2; index < end; index++) {
      key = ((key << 8) & 0xffffff) | (FOLDED[ascii[index] as number] as number);
      const bit = bitOfKey(key);
      (bytes[bit >> 3] as number) |= 1 << (bit & 7);
    }
  }

  /** Returns whether all trigrams of a folded text may have been added. */
  hasTrigrams(text: string): boolean {
    for (let index = 2; index < text.length; index++) if (!this.#has(bitOfTrigram(text, index))) return false;
    return true;
  }

  add(token: number): void {
    this.#add(firstBit(token));
    this.#add(secondBit(token));
  }

  has(token: number): boolean {
    return this.#has(firstBit(token)) && this.#has(secondBit(token));
  }

  #add(bit: number): void {
    (this.bytes[bit >> 3] as number) |= 1 << (bit & 7);
  }

  #has(bit: number): boolean {
    return ((this.bytes[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
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

/** Returns the bit of the trigram that ends at an index. */
function bitOfTrigram(text: string, end: number): number {
  return bitOfKey((text.charCodeAt(end - 2) << 16) ^ (text.charCodeAt(end - 1) << 8) ^ text.charCodeAt(end));
}

function bitOfKey(key: number): number {
  return Math.imul(key, MULTIPLIER) >>> (32 - INDEX_BITS);
}

function firstBit(token: number): number {
  return token & (BITS - 1);
}

function secondBit(token: number): number {
  return (token >>> INDEX_BITS) & (BITS - 1);
}
