import { setMaxListeners } from 'node:events';
import type { Clock, Timer } from './clock';
import { invalidOption } from './option-checks';

/**
 * Prepares a signal for use by many concurrent calls, and returns it. Node.js would otherwise warn of a leak at the
 * eleventh listener. Each call must remove its listener when it settles.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` when it is not an `AbortSignal`.
 */
export function sharedSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  if (!((signal as unknown) instanceof AbortSignal))
    throw invalidOption('signal', 'an AbortSignal', signal, 'VIGILANT_QUERY_INVALID');
  setMaxListeners(0, signal);
  return signal;
}

/** Settles like `work`, or rejects with the reason of the signal once it is aborted. The work itself continues. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Time limit of an operation. */
export interface TimeLimit<T> {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Returns the result, or throws the error, of a timeout. */
  readonly onTimeout: () => T;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Settles like `work`, or like `onTimeout` after `timeoutMs`. Rejects with the reason of the signal once it is aborted.
 *
 * The work itself continues. Keeps the process alive while it is pending.
 */
export async function withTimeout<T>(work: Promise<T>, limit: TimeLimit<T>): Promise<T> {
  const { clock, timeoutMs, onTimeout, signal } = limit;
  let timer: Timer | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = clock.after(timeoutMs, resolve, { keepAlive: true });
  });
  try {
    return await abortable(Promise.race([work, expired.then(onTimeout)]), signal);
  } finally {
    timer?.cancel();
  }
}
