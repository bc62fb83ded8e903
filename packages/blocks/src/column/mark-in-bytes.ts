import { missing } from './integer-values';

/**
 * Marks the rows whose integers pass, as `Integers.mark` does, if each byte holds several of them. Skips bytes in which none
 * passes, because most tests pass few rows.
 *
 * @param width - Bits of an integer: 1, 2 or 4.
 */
export function markInBytes(
  bytes: Uint8Array,
  width: number,
  count: number,
  passing: Uint8Array,
  rows: Uint8Array,
): number {
  const skipped = skippedHalves(passing, width);
  const mask = (1 << width) - 1;
  const inByte = 8 / width;
  let marked = 0;
  for (let at = 0; at < bytes.length; at++) {
    let rest = bytes[at] as number;
    if (skipped[rest & 15] === 1 && skipped[rest >>> 4] === 1) continue;
    const end = Math.min(count, (at + 1) * inByte);
    for (let row = at * inByte; row < end; row++, rest >>>= width) {
      const verdict = passing[rest & mask];
      if (verdict === 1) {
        rows[row] = 1;
        marked += 1;
      } else if (verdict === undefined) missing();
    }
  }
  return marked;
}

/** Returns for each half of a byte 1 if none of its integers passes and all have a verdict. */
function skippedHalves(passing: Uint8Array, width: number): Uint8Array {
  const mask = (1 << width) - 1;
  const skipped = new Uint8Array(16).fill(1);
  for (let half = 0; half < skipped.length; half++)
    for (let shift = 0; shift < 4; shift += width)
      if (passing[(half >>> shift) & mask] !== 0) skipped[half] = 0;
  return skipped;
}
