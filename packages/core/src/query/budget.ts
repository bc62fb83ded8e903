import type { Clock } from '../util/clock';
import type { EventQuery } from '../contracts/query';
import { sharedSignal } from '../util/signals';
import { checkInteger } from './limits';

const DEFAULT_DEADLINE_MS = 10_000;
const MAX_DEADLINE_MS = 600_000;

/** Returns the limits of the next request: the remaining time, at least 1 ms, and the signal. */
export type Budget = () => Pick<EventQuery, 'deadlineMs' | 'signal'>;

/** Returns the deadline of a query in milliseconds. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkDeadline({
  deadlineMs = DEFAULT_DEADLINE_MS,
}: {
  readonly deadlineMs?: number;
}): number {
  return checkInteger('deadlineMs', deadlineMs, 1, MAX_DEADLINE_MS);
}

/** Starts the deadline of a query that may need several requests to the store. */
export function createBudget(clock: Clock, deadlineMs: number, signal: AbortSignal | undefined): Budget {
  const deadline = clock.monotonic() + deadlineMs;
  const shared = sharedSignal(signal);
  return () => {
    const remainingMs = Math.max(1, Math.ceil(deadline - clock.monotonic()));
    return shared === undefined ? { deadlineMs: remainingMs } : { deadlineMs: remainingMs, signal: shared };
  };
}
