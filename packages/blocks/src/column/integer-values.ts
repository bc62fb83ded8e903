import { DamagedBlockError } from '../bytes/damaged';
import type { PackedBits } from '../bytes/packed-bits';

/** The values of a column of integers. */
export interface Integers {
  readonly length: number;
  /** The value of every row, if all are equal. */
  readonly constant: number | undefined;
  /** Returns a value. @param index - Within the length. */
  get(index: number): number;
  /** Returns the values from `start` up to, not including, `end` or the length. The caller may change the array. */
  slice(start: number, end: number): Float64Array;
  /** Adds how often each integer occurs from `start` up to, not including, `end`. Ignores those that are not indexes of `counts`. */
  count(start: number, end: number, counts: Int32Array): void;
}

/** Integers that are decoded when the first of them is read. */
export class DecodedIntegers implements Integers {
  readonly constant = undefined;
  readonly length: number;
  readonly #decode: () => Float64Array;
  #values: Float64Array | undefined;

  constructor(length: number, decode: () => Float64Array) {
    this.length = length;
    this.#decode = decode;
  }

  get(index: number): number {
    return (this.#values ??= this.#decode())[index] as number;
  }

  slice(start: number, end: number): Float64Array {
    return (this.#values ??= this.#decode()).slice(start, end);
  }

  count(start: number, end: number, counts: Int32Array): void {
    countOneByOne(this, start, end, counts);
  }
}

/** Integers at equal distances. */
export class SteppedIntegers implements Integers {
  readonly length: number;
  readonly #first: number;
  readonly #step: number;

  constructor(length: number, first: number, step: number) {
    this.length = length;
    this.#first = first;
    this.#step = step;
  }

  get constant(): number | undefined {
    return this.#step === 0 ? this.#first : undefined;
  }

  get(index: number): number {
    return this.#first + index * this.#step;
  }

  slice(start: number, end: number): Float64Array {
    return sliceOneByOne(this, start, end);
  }

  count(start: number, end: number, counts: Int32Array): void {
    countOneByOne(this, start, end, counts);
  }
}

export function countOneByOne(integers: Integers, start: number, end: number, counts: Int32Array): void {
  for (let index = start; index < end; index++) (counts[integers.get(index)] as number) += 1;
}

export function sliceOneByOne(integers: Integers, start: number, end: number): Float64Array {
  const values = new Float64Array(Math.max(0, Math.min(end, integers.length) - start));
  for (let index = 0; index < values.length; index++) values[index] = integers.get(start + index);
  return values;
}

const SCRATCH = 1024;
/** Reused for residuals that are unpacked together. */
const scratch = new Int32Array(SCRATCH);

/** Residuals that do not fit in the width of a frame. */
export interface Exceptions {
  /** Their indexes, in ascending order. */
  readonly indexes: Int32Array;
  /** What each adds to its value. */
  readonly excesses: Float64Array;
}

/** Integers of a frame, each unpacked when it is read. */
export class FrameIntegers implements Integers {
  readonly length: number;
  readonly #base: number;
  readonly #unit: number;
  readonly #residuals: PackedBits;
  readonly #exceptions: Exceptions;
  readonly #hasExceptions: boolean;

  constructor(length: number, base: number, unit: number, residuals: PackedBits, exceptions: Exceptions) {
    this.length = length;
    this.#base = base;
    this.#unit = unit;
    this.#residuals = residuals;
    this.#exceptions = exceptions;
    this.#hasExceptions = exceptions.indexes.length > 0;
  }

  get constant(): number | undefined {
    return this.#residuals.width === 0 && !this.#hasExceptions ? this.#base : undefined;
  }

  get(index: number): number {
    const value = this.#base + this.#residuals.get(index) * this.#unit;
    return this.#hasExceptions ? value + this.#excessOf(index) : value;
  }

  slice(start: number, end: number): Float64Array {
    const last = Math.min(end, this.length);
    const values = new Float64Array(Math.max(0, last - start));
    for (let from = start; from < last; from += SCRATCH) {
      const to = Math.min(last, from + SCRATCH);
      this.#residuals.unpack(from, to, scratch);
      for (let index = from; index < to; index++)
        values[index - start] = this.#base + (scratch[index - from] as number) * this.#unit;
    }
    if (this.#hasExceptions) this.#addExcesses(values, start);
    return values;
  }

  count(start: number, end: number, counts: Int32Array): void {
    if (this.#hasExceptions) return countOneByOne(this, start, end, counts);
    for (let from = start; from < end; from += SCRATCH) {
      const length = Math.min(end - from, SCRATCH);
      this.#residuals.unpack(from, from + length, scratch);
      for (let index = 0; index < length; index++)
        (counts[this.#base + (scratch[index] as number) * this.#unit] as number) += 1;
    }
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

/** Integers that are stored as indexes of the different values. */
export class IndexedIntegers implements Integers {
  readonly constant = undefined;
  readonly #distinct: Float64Array;
  readonly #indexes: Integers;

  constructor(distinct: Float64Array, indexes: Integers) {
    this.#distinct = distinct;
    this.#indexes = indexes;
  }

  get length(): number {
    return this.#indexes.length;
  }

  get(index: number): number {
    const value = this.#distinct[this.#indexes.get(index)];
    if (value === undefined) throw new DamagedBlockError('an index has no integer');
    return value;
  }

  slice(start: number, end: number): Float64Array {
    return sliceOneByOne(this, start, end);
  }

  count(start: number, end: number, counts: Int32Array): void {
    countOneByOne(this, start, end, counts);
  }
}
