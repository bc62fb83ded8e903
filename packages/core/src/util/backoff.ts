import type { Clock } from './clock';
import { sleep } from './clock';

/** Bounds of a back-off, in milliseconds. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Returns the pause after the n-th consecutive failure, in milliseconds.
 *
 * The pause doubles with each failure up to `maxMs`. Half of it is random.
 *
 * @param failures - Number of consecutive failures, from 1.
 * @param random - Returns a number from 0 to 1, as `Math.random` does.
 */
export function backOffMs({ firstMs, maxMs }: BackOff, failures: number, random: () => number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full * (0.5 + random() / 2);
}

/** Maximum pause while the process is about to end, in milliseconds. */
const HURRIED_MS = 500;

/** Returns bounds with short pauses, for a process that is about to end. */
export function hurried({ firstMs, maxMs }: BackOff): BackOff {
  return { firstMs, maxMs: Math.min(maxMs, HURRIED_MS) };
}

/** Pauses between the attempts of a loop. */
export interface RetryPause {
  /** Waits after the n-th consecutive failure. Rejects with the reason of the signal when it is aborted. */
  wait(failures: number, signal: AbortSignal): Promise<void>;
  /** Ends the current pause and shortens later ones, because the process is about to end. */
  hurry(): void;
}

/** Creates the pauses of a loop. */
export function createRetryPause(clock: Clock, backOff: BackOff, random: () => number): RetryPause {
  return new BackOffPause(clock, backOff, random);
}

class BackOffPause implements RetryPause {
  readonly #clock: Clock;
  readonly #random: () => number;
  #backOff: BackOff;
  #pauses = new AbortController();

  constructor(clock: Clock, backOff: BackOff, random: () => number) {
    this.#clock = clock;
    this.#backOff = backOff;
    this.#random = random;
  }

  async wait(failures: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const ended = AbortSignal.any([signal, this.#pauses.signal]);
    await sleep(this.#clock, backOffMs(this.#backOff, failures, this.#random), ended).catch(() => {});
    signal.throwIfAborted();
  }

  hurry(): void {
    this.#backOff = hurried(this.#backOff);
    this.#pauses.abort();
    this.#pauses = new AbortController();
  }
}
