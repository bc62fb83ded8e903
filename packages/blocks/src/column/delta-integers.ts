import type { OnDecoded } from '../bytes/byte-reader';
import type { Integers } from './integer-values';
import { BaseIntegers, missing } from './integer-values';

/** Number of consecutive values that are decoded together. */
export const DELTAS_CHUNK = 256;

/** Integers that are stored as the differences between neighbours. */
export class DeltaIntegers extends BaseIntegers {
  readonly length: number;
  readonly #starts: Float64Array;
  readonly #deltas: Integers;
  readonly #onDecoded: OnDecoded;
  readonly #chunks: (Float64Array | undefined)[];

  /** @param starts - The first value of each chunk. */
  constructor(length: number, starts: Float64Array, deltas: Integers, onDecoded: OnDecoded) {
    super();
    this.length = length;
    this.#starts = starts;
    this.#deltas = deltas;
    this.#onDecoded = onDecoded;
    this.#chunks = Array.from(starts, () => undefined);
  }

  get(index: number): number {
    if (!(index >= 0 && index < this.length)) missing();
    return this.#chunk(Math.floor(index / DELTAS_CHUNK))[index % DELTAS_CHUNK] as number;
  }

  override slice(start: number, end: number): Float64Array {
    const values = new Float64Array(Math.max(0, Math.min(end, this.length) - start));
    for (let at = 0; at < values.length;) {
      const chunk = Math.floor((start + at) / DELTAS_CHUNK);
      const from = start + at - chunk * DELTAS_CHUNK;
      const piece = this.#chunk(chunk).subarray(from, from + values.length - at);
      values.set(piece, at);
      at += piece.length;
    }
    return values;
  }

  #chunk(number: number): Float64Array {
    return this.#chunks[number] ?? this.#decode(number);
  }

  #decode(number: number): Float64Array {
    const from = number * DELTAS_CHUNK;
    const count = Math.min(DELTAS_CHUNK, this.length - from);
    const deltas = this.#deltas.slice(from, from + count - 1);
    const values = new Float64Array(count);
    values[0] = this.#starts[number] as number;
    for (let index = 1; index < count; index++)
      values[index] = (values[index - 1] as number) + (deltas[index - 1] as number);
    this.#chunks[number] = values;
    this.#onDecoded(values.byteLength);
    return values;
  }
}
