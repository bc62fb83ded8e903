import { DamagedBlockError } from '../bytes/damaged';

/** The values of a column of integers. */
export interface Integers {
  readonly length: number;
  /** The value of every row, if all are equal. */
  readonly constant: number | undefined;
  /** Returns a value. @throws {DamagedBlockError} when there is none, because the index comes from the block. */
  get(index: number): number;
  /** Returns the values from `start` up to, not including, `end` or the length. The caller may change the array. */
  slice(start: number, end: number): Float64Array;
  /** Adds how often each integer occurs from `start` up to, not including, `end`. Ignores those that are not indexes of `counts`. */
  count(start: number, end: number, counts: Int32Array): void;
  /**
   * Sets the bytes of the rows whose values pass, and returns their number.
   *
   * @param passing - For each value 1 if it passes.
   * @throws {DamagedBlockError} when `passing` lacks a value.
   */
  mark(passing: Uint8Array, rows: Uint8Array): number;
  /** Returns the indexes of a value in ascending order. */
  find(value: number): number[];
}

/** Reports that a value does not exist. */
export function missing(): never {
  throw new DamagedBlockError('an integer is missing');
}

/** Number of values that are unpacked together. */
export const PIECE = 1024;

/** Marks rows as {@link Integers.mark} does, one piece at a time. */
export function markByPiece(
  integers: Pick<Integers, 'length' | 'slice'>,
  passing: Uint8Array,
  rows: Uint8Array,
): number {
  let marked = 0;
  for (let from = 0; from < integers.length; from += PIECE)
    marked += markValues(integers.slice(from, from + PIECE), from, passing, rows);
  return marked;
}

/** Adds the indexes of a value among some consecutive ones. @param from - The index of the first of them. */
export function addIndexes(
  values: Float64Array | Int32Array,
  value: number,
  from: number,
  found: number[],
): void {
  for (let at = values.indexOf(value); at !== -1; at = values.indexOf(value, at + 1)) found.push(from + at);
}

/** Marks some consecutive rows. @param from - The first of them. */
export function markValues(
  values: Float64Array | Int32Array,
  from: number,
  passing: Uint8Array,
  rows: Uint8Array,
): number {
  let marked = 0;
  for (let index = 0; index < values.length; index++) {
    const verdict = passing[values[index] as number];
    if (verdict === 1) {
      rows[from + index] = 1;
      marked += 1;
    } else if (verdict === undefined) missing();
  }
  return marked;
}

/** Reads integers one by one. Subclasses override what they can do faster. */
export abstract class BaseIntegers implements Integers {
  abstract readonly length: number;

  get constant(): number | undefined {
    return undefined;
  }

  abstract get(index: number): number;

  slice(start: number, end: number): Float64Array {
    const values = new Float64Array(Math.max(0, Math.min(end, this.length) - start));
    for (let index = 0; index < values.length; index++) values[index] = this.get(start + index);
    return values;
  }

  count(start: number, end: number, counts: Int32Array): void {
    for (let index = start; index < end; index++) (counts[this.get(index)] as number) += 1;
  }

  mark(passing: Uint8Array, rows: Uint8Array): number {
    return markByPiece(this, passing, rows);
  }

  find(value: number): number[] {
    const found: number[] = [];
    for (let from = 0; from < this.length; from += PIECE)
      addIndexes(this.slice(from, from + PIECE), value, from, found);
    return found;
  }
}

/** Integers in an array. */
export class ListedIntegers extends BaseIntegers {
  readonly #values: Float64Array;

  constructor(values: Float64Array) {
    super();
    this.#values = values;
  }

  get length(): number {
    return this.#values.length;
  }

  get(index: number): number {
    const value = this.#values[index];
    return value === undefined ? missing() : value;
  }

  override slice(start: number, end: number): Float64Array {
    return this.#values.slice(start, end);
  }
}

/** Integers at equal distances. */
export class SteppedIntegers extends BaseIntegers {
  readonly length: number;
  readonly #first: number;
  readonly #step: number;

  constructor(length: number, first: number, step: number) {
    super();
    this.length = length;
    this.#first = first;
    this.#step = step;
  }

  override get constant(): number | undefined {
    return this.#step === 0 ? this.#first : undefined;
  }

  get(index: number): number {
    return index >= 0 && index < this.length ? this.#first + index * this.#step : missing();
  }
}

/** Integers that are stored as indexes of the different values. */
export class IndexedIntegers extends BaseIntegers {
  readonly #distinct: Float64Array;
  readonly #indexes: Integers;

  constructor(distinct: Float64Array, indexes: Integers) {
    super();
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
}
