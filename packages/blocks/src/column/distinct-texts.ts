import type { ByteTexts } from '../bytes/byte-texts';
import { areEqual } from '../bytes/byte-texts';
import { HASH_START, hashBytes } from '../bytes/hash';

/** The different texts of a column in the order of their first use, and the index of each value in them. */
export interface DistinctTexts {
  readonly texts: ByteTexts;
  readonly indexes: Float64Array;
}

/** Returns the different texts of a column, or `undefined` if there are more than `maxCount`. */
export function distinctTexts(values: ByteTexts, maxCount: number): DistinctTexts | undefined {
  const { bytes, starts, ends } = values;
  const texts = { bytes, starts: new Int32Array(maxCount), ends: new Int32Array(maxCount) };
  const indexes = new Float64Array(starts.length);
  const mask = 2 ** Math.ceil(Math.log2(maxCount * 2 + 1)) - 1;
  /** For each place of the hash table the index of a text plus one, or 0. */
  const table = new Int32Array(mask + 1);
  let count = 0;
  let index = -1;
  for (let row = 0; row < starts.length; row++) {
    // Neighbours are often equal.
    if (index === -1 || !areSame(values, row, texts, index)) {
      const start = starts[row] as number;
      const end = ends[row] as number;
      let place = hashBytes(bytes, start, end, HASH_START) & mask;
      while ((index = (table[place] as number) - 1) !== -1 && !areSame(values, row, texts, index))
        place = (place + 1) & mask;
      if (index === -1) {
        if (count === maxCount) return undefined;
        index = count;
        texts.starts[index] = start;
        texts.ends[index] = end;
        table[place] = ++count;
      }
    }
    indexes[row] = index;
  }
  const used = { bytes, starts: texts.starts.subarray(0, count), ends: texts.ends.subarray(0, count) };
  return { texts: used, indexes };
}

function areSame(values: ByteTexts, row: number, texts: ByteTexts, index: number): boolean {
  return areEqual(
    values.bytes,
    values.starts[row] as number,
    values.ends[row] as number,
    texts.starts[index] as number,
    texts.ends[index] as number,
  );
}
