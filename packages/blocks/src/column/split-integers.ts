import type { Integers } from './integer-values';
import { BaseIntegers } from './integer-values';

/** Factor of the high parts. */
export const HALF = 2 ** 26;

/** Integers that are stored as high and low parts. */
export class SplitIntegers extends BaseIntegers {
  readonly #base: number;
  readonly #unit: number;
  readonly #high: Integers;
  readonly #low: Integers;

  /** @param high - As many as `low`. */
  constructor(base: number, unit: number, high: Integers, low: Integers) {
    super();
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

  override slice(start: number, end: number): Float64Array {
    const values = this.#high.slice(start, end);
    const low = this.#low.slice(start, end);
    for (let index = 0; index < values.length; index++)
      values[index] = this.#join(values[index] as number, low[index] as number);
    return values;
  }

  #join(high: number, low: number): number {
    return this.#base + (high * HALF + low) * this.#unit;
  }
}
