import type { Integers } from './integer-values';
import { countOneByOne, findByPiece, markByPiece } from './integer-values';

/** Factor of the high parts. */
export const HALF = 2 ** 26;

/** Integers that are stored as high and low parts. */
export class SplitIntegers implements Integers {
  readonly constant = undefined;
  readonly #base: number;
  readonly #unit: number;
  readonly #high: Integers;
  readonly #low: Integers;

  /** @param high - As many as `low`. */
  constructor(base: number, unit: number, high: Integers, low: Integers) {
    this.#base = base;
    this.#unit = unit;
    this.#high = high;
    this.#low = low;
  }

  get length(): number {
    return this.#high.length;
  }

  get(index: number): number {
    return this.#join(this.#high.get(index), this.#low.get(index));
  }

  slice(start: number, end: number): Float64Array {
    const values = this.#high.slice(start, end);
    const low = this.#low.slice(start, end);
    for (let index = 0; index < values.length; index++)
      values[index] = this.#join(values[index] as number, low[index] as number);
    return values;
  }

  count(start: number, end: number, counts: Int32Array): void {
    countOneByOne(this, start, end, counts);
  }

  mark(passing: Uint8Array, rows: Uint8Array): number {
    return markByPiece(this, passing, rows);
  }

  find(value: number): number[] {
    return findByPiece(this, value);
  }

  #join(high: number, low: number): number {
    return this.#base + (high * HALF + low) * this.#unit;
  }
}
