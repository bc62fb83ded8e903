import { mixHash } from '../bytes/hash';

/** Every hash is a non-negative integer below this. */
export const HASH_RANGE = 2 ** 48;

const HIGH_BITS = 0xffff;

/** Hashes an id to 48 bits, so that two of ten million ids rarely have the same hash. */
export function hashId(id: string): number {
  let first = 0x9e3779b9 | 0;
  let second = 0x165667b1;
  for (let index = 0; index < id.length; index++) {
    const code = id.charCodeAt(index);
    first = Math.imul(first ^ code, 0x85ebca77);
    second = Math.imul(second ^ code, 0xc2b2ae3d);
  }
  return (mixHash(first) & HIGH_BITS) * 2 ** 32 + mixHash(second ^ (first >>> 15));
}
