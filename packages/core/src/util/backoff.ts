import type { Clock } from './clock';
import { sleep } from './clock';

/** Bounds of a back-off, in milliseconds. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** The pause after the n-th failure in a row (from 1): doubled each time, then a random half to whole of it. */
export function backOffMs({ firstMs, maxMs }: BackOff, failures: number, random: () => number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full * (0.5 + random() / 2);
}

/** Longest pause once the process is about to end, in milliseconds. */
const HURRIED_MS = 500;

/** Returns bounds with short pauses, for a process that is about to end. */
export function hurried({ firstMs, maxMs }: BackOff): BackOff {
  return { firstMs, maxMs: Math.min(maxMs, HURRIED_MS) };
}

/** Pauses between attempts. */
export interface RetryPause {
  /** Waits after the n-th failure in a row; rejects with the signal's reason. */
  wait(failures: number, signal: AbortSignal): Promise<void>;
  /** Ends the current pause and shortens later ones: the process is about to end. */
  hurry(): void;
}

/** Creates the pauses of a loop. */
export function createRetryPause(clock: Clock, backOff: BackOff, random: () => number): RetryPause {
  let hurrying = new AbortController();
  let isHurrying = false;
  return {
    async wait(failures, signal) {
      signal.throwIfAborted();
      const bounds = isHurrying ? hurried(backOff) : backOff;
      const ended = AbortSignal.any([signal, hurrying.signal]);
      await sleep(clock, backOffMs(bounds, failures, random), ended).catch(() => {});
      signal.throwIfAborted();
    },
    hurry() {
      isHurrying = true;
      hurrying.abort();
      hurrying = new AbortController();
    },
  };
}
