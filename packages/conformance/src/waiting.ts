import assert from 'node:assert/strict';
import type { BarrierResult } from '@vigilant/core';

/** Time after which a test assumes that nothing more happens, in milliseconds. */
export const QUIET_MS = 100;

/** A signal that is never aborted. */
export const never: AbortSignal = new AbortController().signal;

/**
 * Returns a signal that is aborted after a time. Node.js may collect `AbortSignal.timeout()` before it aborts if an adapter
 * combines it with `AbortSignal.any()`; the timer keeps this one alive.
 */
export function abortAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}

/** Waits for a promise. Fails after the time limit. */
export async function within<T>(patienceMs: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `Timed out after ${patienceMs} ms: ${what}.` })),
      patienceMs,
    );
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns whether a promise is settled now or within a short time. */
export async function settles(promise: Promise<unknown>, withinMs: number = QUIET_MS): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const settled = promise.then(
    () => true,
    () => true,
  );
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, withinMs, false);
  });
  const result = await Promise.race([settled, timeout]);
  clearTimeout(timer);
  return result;
}

/** Returns whether a barrier is complete; `false` if it rejects. */
export async function isComplete(barrier: Promise<BarrierResult>): Promise<boolean> {
  return barrier.then(
    ({ complete }) => complete,
    () => false,
  );
}

/** Polls a condition until it holds. Fails after the time limit. */
export async function eventually(
  patienceMs: number,
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() >= deadline)
      throw new assert.AssertionError({ message: `Timed out after ${patienceMs} ms: ${what}.` });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
