import type { EntryCursor } from './write-run';
import { writeRun } from './write-run';

/** A run to be stored. */
export interface EncodedRun {
  readonly head: Uint8Array;
  /** In order; the index of a part is its number. */
  readonly parts: readonly Uint8Array[];
}

/** Encodes the hashes of the ids of one block. @param block - The first sequence of the block. */
export function encodeRun(hashes: ArrayLike<number>, block: number): EncodedRun {
  const parts: Uint8Array[] = [];
  const steps = writeRun(new SortedHashes(hashes), hashes.length, Float64Array.of(block));
  for (;;) {
    const { value, done } = steps.next();
    if (done === true) return { head: value, parts };
    parts.push(value);
  }
}

class SortedHashes implements EntryCursor {
  readonly block = 0;
  hash = 0;
  readonly #hashes: Float64Array;
  #index = 0;

  constructor(hashes: ArrayLike<number>) {
    this.#hashes = Float64Array.from(hashes).sort();
  }

  next(): boolean {
    if (this.#index === this.#hashes.length) return false;
    this.hash = this.#hashes[this.#index++] as number;
    return true;
  }
}
