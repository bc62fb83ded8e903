const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

/** Starts the hash of a sequence of texts. */
export const HASH_START = SEED | 0;

/** Continues a hash with the UTF-16 code units of a text: 32-bit FNV-1a, with units in place of bytes. */
export function hashText(text: string, hash: number): number {
  let result = hash;
  for (let index = 0; index < text.length; index++)
    result = Math.imul(result ^ text.charCodeAt(index), PRIME);
  return result;
}

/** Hashes three UTF-16 code units. */
export function hashTrigram(first: number, second: number, third: number): number {
  return Math.imul(Math.imul(Math.imul(SEED ^ first, PRIME) ^ second, PRIME) ^ third, PRIME);
}

/** Mixes the bits of a hash, so that any of them may be used. The finaliser of MurmurHash3. */
export function mixHash(hash: number): number {
  let result = hash ^ (hash >>> 16);
  result = Math.imul(result, 0x85ebca6b);
  result ^= result >>> 13;
  result = Math.imul(result, 0xc2b2ae35);
  return (result ^ (result >>> 16)) >>> 0;
}
