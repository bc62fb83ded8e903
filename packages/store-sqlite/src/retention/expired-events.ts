import type { PruneLimits } from './limits';

/** Decides which events expire, in order of arrival. */
export class ExpiredEvents {
  readonly #limits: PruneLimits;
  readonly #latest: number;
  #excessEvents: number;
  #excessBytes: number;
  #hasOld = false;
  #deleted = 0;
  #deletedBytes = 0;
  #highest = 0;

  constructor(limits: PruneLimits) {
    this.#limits = limits;
    this.#latest = Math.max(...limits.expiry);
    this.#excessEvents = limits.excessEvents;
    this.#excessBytes = limits.excessBytes;
  }

  /** Whether a later event may expire: some were old, or there are still too many. */
  get mayContinue(): boolean {
    return this.#hasOld || this.#excessEvents > 0 || this.#excessBytes > 0;
  }

  /** The events that have expired so far. */
  get counts(): { readonly deleted: number; readonly deletedBytes: number; readonly highest: number } {
    return { deleted: this.#deleted, deletedBytes: this.#deletedBytes, highest: this.#highest };
  }

  /** Returns whether the next event expires. @param receivedAt - In microseconds. */
  take(sequence: number, receivedAt: number, rank: number, bytes: number): boolean {
    const { expiry, countedAfter } = this.#limits;
    // Events arrive roughly in order of age, so no old event follows a step without old events.
    if (receivedAt < this.#latest) this.#hasOld = true;
    const isExpired =
      receivedAt < (expiry[rank] ?? this.#latest) || this.#excessEvents > 0 || this.#excessBytes > 0;
    if (!isExpired) return false;
    this.#excessEvents -= 1;
    this.#deleted += 1;
    this.#highest = sequence;
    if (sequence > countedAfter) {
      this.#excessBytes -= bytes;
      this.#deletedBytes += bytes;
    }
    return true;
  }
}
