import { HASH_START, hashText, mixHash } from '../bytes/hash';
import type { BitFilter } from './bit-filter';

/** Bits that a token sets. */
const TOKEN_BITS = 4;

/**
 * The tokens of the tags and data of some events. It may report one that was never added, but never misses one.
 */
export class TokenSet {
  readonly filter: BitFilter;

  constructor(filter: BitFilter) {
    this.filter = filter;
  }

  add(token: number): void {
    const step = stepOf(token);
    for (let bit = 0; bit < TOKEN_BITS; bit++) this.filter.add(token + bit * step);
  }

  has(token: number): boolean {
    const step = stepOf(token);
    for (let bit = 0; bit < TOKEN_BITS; bit++) if (!this.filter.has(token + bit * step)) return false;
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
