/** Ranges of a buffer. An array whose `length` is set would take much longer to clear. */
export class Ranges {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Removes the ranges at an index and after it. */
  clear(from = 0): void {
    this.#count = from;
  }

  add(start: number, end: number): void {
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  startOf(index: number): number {
    return this.#starts[index] as number;
  }

  endOf(index: number): number {
    return this.#ends[index] as number;
  }

  /** Returns whether one of the ranges at an index or after it has the same bytes as another range of the buffer. */
  includes(buffer: Uint8Array, start: number, end: number, from = 0): boolean {
    for (let index = from; index < this.#count; index += 1) {
      const ownStart = this.startOf(index);
      if (this.endOf(index) - ownStart === end - start && isEqual(buffer, ownStart, start, end - start))
        return true;
    }
    return false;
  }
}

function isEqual(buffer: Uint8Array, start: number, otherStart: number, length: number): boolean {
  for (let offset = 0; offset < length; offset += 1)
    if (buffer[start + offset] !== buffer[otherStart + offset]) return false;
  return true;
}
