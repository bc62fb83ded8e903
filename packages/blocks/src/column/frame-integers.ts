import type { PackedBits } from '../bytes/packed-bits';
import { BaseIntegers, PIECE, addIndexes, markValues, missing } from './integer-values';
import { markInBytes } from './mark-in-bytes';

/** Reused for residuals that are unpacked together. */
const scratch = new Int32Array(PIECE);

/** Residuals that do not fit in the width of a frame. */
export interface Exceptions {
  /** Their indexes, in ascending order. */
  readonly indexes: Int32Array;
  /** The amount that each adds to its value. */
  readonly excesses: Float64Array;
}

/** Integers of a frame, each unpacked when it is read. */
export class FrameIntegers extends BaseIntegers {
  readonly length: number;
  readonly #base: number;
  readonly #unit: number;
  readonly #residuals: PackedBits;
  readonly #exceptions: Exceptions;
  readonly #hasExceptions: boolean;

  constructor(length: number, base: number, unit: number, residuals: PackedBits, exceptions: Exceptions) {
    super();
    this.length = length;
    this.#base = base;
    this.#unit = unit;
    this.#residuals = residuals;
    this.#exceptions = exceptions;
    this.#hasExceptions = exceptions.indexes.length > 0;
  }

  override get constant(): number | undefined {
    return this.#residuals.width === 0 && !this.#hasExceptions ? this.#base : undefined;
  }

  get(index: number): number {
    if (!(index >= 0 && index < this.length)) missing();
    const value = this.#base + this.#residuals.get(index) * this.#unit;
    return this.#hasExceptions ? value + this.#excessOf(index) : value;
  }

  override slice(start: number, end: number): Float64Array {
    const last = Math.min(end, this.length);
    const values = new Float64Array(Math.max(0, last - start));
    for (let from = start; from < last; from += PIECE) {
      const to = Math.min(last, from + PIECE);
      this.#residuals.unpack(from, to, scratch);
      for (let index = from; index < to; index++)
        values[index - start] = this.#base + (scratch[index - from] as number) * this.#unit;
    }
    if (this.#hasExceptions) this.#addExcesses(values, start);
    return values;
  }

  override count(start: number, end: number, counts: Int32Array): void {
    if (this.#hasExceptions) return super.count(start, end, counts);
    for (let from = start; from < end; from += PIECE) {
      const length = Math.min(end - from, PIECE);
      this.#residuals.unpack(from, from + length, scratch);
      for (let index = 0; index < length; index++)
        (counts[this.#base + (scratch[index] as number) * this.#unit] as number) += 1;
    }
  }

  override mark(passing: Uint8Array, rows: Uint8Array): number {
    if (this.#hasExceptions || this.#unit !== 1 || this.#base < 0) return super.mark(passing, rows);
    const residuals = this.#residuals;
    const passingResiduals = passing.subarray(this.#base);
    const bytes = residuals.sharedBytes;
    if (bytes !== undefined) return markInBytes(bytes, residuals.width, this.length, passingResiduals, rows);
    let marked = 0;
    for (let from = 0; from < this.length; from += PIECE) {
      const piece = scratch.subarray(0, Math.min(this.length - from, PIECE));
      residuals.unpack(from, from + piece.length, piece);
      marked += markValues(piece, from, passingResiduals, rows);
    }
    return marked;
  }

  override find(value: number): number[] {
    if (this.#hasExceptions) return super.find(value);
    const residual = (value - this.#base) / this.#unit;
    const found: number[] = [];
    for (let from = 0; from < this.length; from += PIECE) {
      const piece = scratch.subarray(0, Math.min(this.length - from, PIECE));
      this.#residuals.unpack(from, from + piece.length, piece);
      addIndexes(piece, residual, from, found);
    }
    return found;
  }

  #addExcesses(values: Float64Array, start: number): void {
    const { indexes, excesses } = this.#exceptions;
    const end = start + values.length;
    for (let at = this.#exceptionFrom(start); at < indexes.length && (indexes[at] as number) < end; at++)
      (values[(indexes[at] as number) - start] as number) += excesses[at] as number;
  }

  #excessOf(index: number): number {
    const at = this.#exceptionFrom(index);
    return this.#exceptions.indexes[at] === index ? (this.#exceptions.excesses[at] as number) : 0;
  }

  /** Returns the number of the first exception that is not before an index. */
  #exceptionFrom(index: number): number {
    const { indexes } = this.#exceptions;
    let low = 0;
    let high = indexes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((indexes[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
