import type { ByteTexts } from '../bytes/byte-texts';
import { mixHash } from '../bytes/hash';

/** Every hash is a non-negative integer below this. */
export const HASH_RANGE = 2 ** 48;

const HIGH_BITS = 0xffff;

/** Hashes ids to 48 bits, so that two of ten million ids rarely have the same hash. */
export function hashIds({ bytes, starts, ends }: ByteTexts): Float64Array {
  const hashes = new Float64Array(starts.length);
  for (let index = 0; index < hashes.length; index++)
    hashes[index] = hashRange(bytes, starts[index] as number, ends[index] as number);
  return hashes;
}

function hashRange(bytes: Uint8Array, start: number, end: number): number {
  let first = 0x9e3779b9 | 0;
  let second = 0x165667b1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    first = Math.imul(first ^ byte, 0x85ebca77);
    second = Math.imul(second ^ byte, 0xc2b2ae3d);
  }
  return (mixHash(first) & HIGH_BITS) * 2 ** 32 + mixHash(second ^ (first >>> 15));
}
