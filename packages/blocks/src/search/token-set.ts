import { HASH_START, hashText, hashTrigram, mixHash } from './hash';

/** Bits of one set. With 256 events, 2^14 bits keep false matches rare; half as many cause too many false matches. */
const BITS = 2 ** 14;
const INDEX_BITS = 14;

/** Number of bytes of a set. */
export const TOKEN_SET_BYTES = BITS / 8;

/** Kinds of tokens. The same text as a tag and as a value has different bits. */
export const TOKENS = { TAG: 't', PATH: 'p', VALUE: 'v' } as const;

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
    for (let index = 2; index < text.length; index++) this.#add(trigramBit(text, index));
  }

  /** Returns whether all trigrams of a folded text may have been added. */
  hasTrigrams(text: string): boolean {
    for (let index = 2; index < text.length; index++) if (!this.#has(trigramBit(text, index))) return false;
    return true;
  }

  add(hash: number): void {
    this.#add(firstBit(hash));
    this.#add(secondBit(hash));
  }

  has(hash: number): boolean {
    return this.#has(firstBit(hash)) && this.#has(secondBit(hash));
  }

  #add(bit: number): void {
    (this.bytes[bit >> 3] as number) |= 1 << (bit & 7);
  }

  #has(bit: number): boolean {
    return ((this.bytes[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
  }
}

/** Returns the hash of a token. */
export function tokenOf(kind: string, text: string): number {
  return mixHash(hashText(text, hashText(kind, HASH_START)));
}

/** Returns the hash of the token for a value at a path of `data`. The keys of the path are joined by dots. */
export function valueToken(path: string, value: string): number {
  return mixHash(hashText(value, hashText('=', hashText(path, hashText(TOKENS.VALUE, HASH_START)))));
}

function trigramBit(text: string, end: number): number {
  return firstBit(
    mixHash(hashTrigram(text.charCodeAt(end - 2), text.charCodeAt(end - 1), text.charCodeAt(end))),
  );
}

function firstBit(hash: number): number {
  return hash & (BITS - 1);
}

function secondBit(hash: number): number {
  return (hash >>> INDEX_BITS) & (BITS - 1);
}
