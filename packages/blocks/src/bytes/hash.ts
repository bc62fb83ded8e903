const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

/** Starts the hash of a sequence of texts. */
export const HASH_START = SEED | 0;

/** Continues a hash with one UTF-16 code unit: 32-bit FNV-1a, with units in place of bytes. */
export function hashUnit(unit: number, hash: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

/** Continues a hash with the UTF-16 code units of a text. */
export function hashText(text: string, hash: number): number {
  let result = hash;
  for (let index = 0; index < text.length; index++) result = hashUnit(text.charCodeAt(index), result);
  return result;
}

/** Continues a hash with bytes. For ASCII, the result is the same as that of `hashText`. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
  let result = hash;
  for (let index = start; index < end; index++) result = hashUnit(bytes[index] as number, result);
  return result;
}

/**
 * Continues a hash with the length and three bytes of a range that is not empty. Faster than `hashBytes`, for a caller
 * that compares ranges of equal hashes.
 */
export function hashSample(bytes: Uint8Array, start: number, end: number, hash: number): number {
  const middle = bytes[(start + end) >> 1] as number;
  const sample = (bytes[start] as number) | (middle << 8) | ((bytes[end - 1] as number) << 16);
  return hashUnit(sample ^ ((end - start) << 24), hash);
}

/** Mixes the bits of a hash, so that any of them may be used. The finaliser of MurmurHash3. */
export function mixHash(hash: number): number {
  let result = hash ^ (hash >>> 16);
  result = Math.imul(result, 0x85ebca6b);
  result ^= result >>> 13;
  result = Math.imul(result, 0xc2b2ae35);
  return (result ^ (result >>> 16)) >>> 0;
}
