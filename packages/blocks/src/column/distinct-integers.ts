/** Maximum number of different integers that are stored once. */
export const MAX_DISTINCT_INTEGERS = 128;
/** Minimum average number of uses of each of them. */
const MIN_USES = 8;
const PLACES = MAX_DISTINCT_INTEGERS * 4;
/** 2^32 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b1;

/** The different values of a column in the order of their first use, and the index of each value in them. */
export interface DistinctIntegers {
  readonly distinct: Float64Array;
  readonly indexes: Float64Array;
}

/** Returns the number of bits of an index if there are as many different values as in a sorted sample. */
export function indexBits(sample: Float64Array): number {
  let count = 1;
  for (let index = 1; index < sample.length; index++) if (sample[index] !== sample[index - 1]) count += 1;
  return Math.ceil(Math.log2(count));
}

/** Returns the different values of a column, or `undefined` if there are too many. */
export function distinctOf(values: Float64Array): DistinctIntegers | undefined {
  const maxCount = Math.min(MAX_DISTINCT_INTEGERS, Math.floor(values.length / MIN_USES));
  const distinct = new Float64Array(maxCount);
  const indexes = new Float64Array(values.length);
  /** A hash table: for each place the index of a value plus one, or 0. */
  const table = new Int32Array(PLACES);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    let place = (Math.imul(value, MULTIPLIER) >>> 16) % PLACES;
    while (table[place] !== 0 && distinct[(table[place] as number) - 1] !== value)
      place = (place + 1) % PLACES;
    if (table[place] === 0) {
      if (count === maxCount) return undefined;
      distinct[count] = value;
      table[place] = ++count;
    }
    indexes[row] = (table[place] as number) - 1;
  }
  return { distinct: distinct.subarray(0, count), indexes };
}
