import { setImmediate } from '../util/timers';

/** Bytes of the events that are answered in a turn of the event loop. */
const TURN_BYTES = 128 * 1024;

/**
 * Spreads the answers to publishes over turns of the event loop, in order and with a limited number of bytes of events in each: a
 * broker often accepts many publishes at once, and a caller often logs as many events again.
 */
export class AnswerQueue {
  readonly #waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];
  /** Bytes that were answered in this turn. */
  #answered = 0;
  #isScheduled = false;

  /** Returns a promise to await before events of this size are answered; `undefined` if they need not wait. */
  next(bytes: number): Promise<void> | undefined {
    this.#schedule();
    if (this.#waiting.length === 0 && this.#answered < TURN_BYTES) {
      this.#answered += bytes;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push({ bytes, resolve }));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isScheduled = false;
    this.#answered = 0;
    if (this.#waiting.length === 0) return;
    this.#schedule();
    while (this.#answered < TURN_BYTES) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#answered += next.bytes;
      next.resolve();
    }
  };
}
