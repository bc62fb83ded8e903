import type { Clock } from '../util/clock';
import { sharedSignal } from '../util/signals';
import { checkInteger } from './argument-checks';

/** Default deadline of a call, in milliseconds. */
const DEFAULT_DEADLINE_MS = 10_000;
/** Limits of calls that have no deadline of their own. */
export const DEFAULT_LIMITS = { deadlineMs: DEFAULT_DEADLINE_MS };
const MAX_DEADLINE_MS = 600_000;

/** Returns the limits of the next request: the remaining time, at least 1 ms, and the signal. */
export type Budget = () => { readonly deadlineMs: number; readonly signal?: AbortSignal };

/** Returns the deadline of a call in milliseconds. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkDeadline(deadlineMs: number | undefined, freshMs: number): number {
  if (deadlineMs === undefined) return defaultDeadline(freshMs);
  return checkInteger('deadlineMs', deadlineMs, 1, MAX_DEADLINE_MS);
}

/** Returns the deadline of a call that waits up to `freshMs` for freshness, which may take half of it. */
function defaultDeadline(freshMs: number): number {
  return Math.max(DEFAULT_DEADLINE_MS, 2 * freshMs);
}

/** Starts the deadline of a call that opens the store, waits for freshness and sends requests to the store. */
export function createBudget(clock: Clock, deadlineMs: number, signal: AbortSignal | undefined): Budget {
  const deadline = clock.monotonic() + deadlineMs;
  const shared = sharedSignal(signal);
  return () => {
    const remainingMs = Math.max(1, Math.ceil(deadline - clock.monotonic()));
    return shared === undefined ? { deadlineMs: remainingMs } : { deadlineMs: remainingMs, signal: shared };
  };
}
