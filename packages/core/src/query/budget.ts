import type { Clock } from '../clock';
import type { EventQuery } from '../contracts/query';
import { sharedSignal } from '../shared-signal';
import { checkInteger } from './limits';

const DEFAULT_DEADLINE_MS = 10_000;
const MAX_DEADLINE_MS = 600_000;

/** Returns the limits of the next request: the remaining time, at least 1 ms, and the signal. */
export type Budget = () => Pick<EventQuery, 'deadlineMs' | 'signal'>;

/**
 * Starts the deadline of a query that may need several requests to the store.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID`
 */
export function createBudget(
  clock: Clock,
  options: { readonly deadlineMs?: number; readonly signal?: AbortSignal },
): Budget {
  const { deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const deadline = clock.monotonic() + checkInteger('deadlineMs', deadlineMs, 1, MAX_DEADLINE_MS);
  const signal = sharedSignal(options.signal);
  return () => {
    const remainingMs = Math.max(1, Math.ceil(deadline - clock.monotonic()));
    return signal === undefined ? { deadlineMs: remainingMs } : { deadlineMs: remainingMs, signal };
  };
}
