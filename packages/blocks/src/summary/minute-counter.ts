import { LEVELS } from '@vigilant/core';
import type { MinuteCounts } from './block-summary';

/** Counts events by minute and level. It stops at the first minute beyond `maxMinutes`. */
export class MinuteCounter {
  readonly #maxMinutes: number;
  readonly #indexes = new Map<number, number>();
  readonly #counts: Uint32Array;
  #last = NaN;
  #lastIndex = 0;
  #isFull = false;

  constructor(maxMinutes: number) {
    this.#maxMinutes = maxMinutes;
    this.#counts = new Uint32Array(maxMinutes * LEVELS.length);
  }

  add(minute: number, level: number, count: number): void {
    if (this.#isFull) return;
    // Neighbours are often in the same minute.
    if (minute !== this.#last) {
      this.#lastIndex = this.#indexOf(minute);
      this.#last = minute;
    }
    if (!this.#isFull) (this.#counts[this.#lastIndex * LEVELS.length + level] as number) += count;
  }

  /** Returns the counts, or `undefined` if there were too many minutes. */
  counts(): MinuteCounts | undefined {
    if (this.#isFull) return undefined;
    const entries = [...this.#indexes].sort(([a], [b]) => a - b);
    const counts = new Uint32Array(entries.length * LEVELS.length);
    entries.forEach(([, index], at) => {
      const start = index * LEVELS.length;
      counts.set(this.#counts.subarray(start, start + LEVELS.length), at * LEVELS.length);
    });
    return { minutes: Int32Array.from(entries, ([minute]) => minute), counts };
  }

  #indexOf(minute: number): number {
    const known = this.#indexes.get(minute);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    if (index === this.#maxMinutes) this.#isFull = true;
    else this.#indexes.set(minute, index);
    return index;
  }
}
