/** Counts different values. It stops at the first value beyond `maxDistinct`. */
export class ValueCounter<T> {
  readonly #maxDistinct: number;
  readonly #codes = new Map<T, number>();
  readonly #counts: number[] = [];
  #last: T | undefined;
  #lastCode = 0;
  #isFull = false;

  constructor(maxDistinct: number) {
    this.#maxDistinct = maxDistinct;
  }

  add(value: T): void {
    if (this.#isFull) return;
    // Neighbours are often equal.
    if (value !== this.#last) {
      this.#lastCode = this.#codeOf(value);
      this.#last = value;
    }
    if (!this.#isFull) (this.#counts[this.#lastCode] as number) += 1;
  }

  /** Returns each value and its count, or `undefined` if there were too many values. */
  entries(): readonly (readonly [value: T, count: number])[] | undefined {
    if (this.#isFull) return undefined;
    return Array.from(this.#codes, ([value, code]) => [value, this.#counts[code] as number] as const);
  }

  #codeOf(value: T): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    if (this.#codes.size === this.#maxDistinct) this.#isFull = true;
    else this.#codes.set(value, this.#counts.push(0) - 1);
    return this.#counts.length - 1;
  }
}
