import { LEVELS } from '@vigilant/core';
import type { MinuteCounts } from './block-summary';
import { MINUTE_MICROS } from './block-summary';

/** Maximum number of different minutes in a summary. */
export const MAX_MINUTES = 1024;

/** Counts events by minute and level. */
export class MinuteCounter {
  readonly #indexes = new Map<number, number>();
  readonly #counts = new Uint32Array(MAX_MINUTES * LEVELS.length);
  #last = NaN;
  #lastIndex = 0;
  #isFull = false;

  add(timestamp: number, level: number): void {
    if (this.#isFull) return;
    const minute = Math.floor(timestamp / MINUTE_MICROS);
    if (minute !== this.#last) {
      this.#lastIndex = this.#indexOf(minute);
      this.#last = minute;
    }
    if (!this.#isFull) (this.#counts[this.#lastIndex * LEVELS.length + level] as number) += 1;
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
    if (index === MAX_MINUTES) this.#isFull = true;
    else this.#indexes.set(minute, index);
    return index;
  }
}
