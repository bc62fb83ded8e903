import type { Event } from '../event/event';

/** Returns the earliest receipt of events, in milliseconds since the epoch; `undefined` if there are none. */
export function earliestReceipt(events: Iterable<Event>): number | undefined {
  let earliest: number | undefined;
  for (const { receivedAt } of events)
    if (earliest === undefined || receivedAt < earliest) earliest = receivedAt;
  return earliest;
}

/** Returns the earliest of several receipts; `undefined` if there are none. */
export function earliestOf(receipts: readonly (number | undefined)[]): number | undefined {
  const known = receipts.filter((receipt) => receipt !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Returns how long ago a receipt was, in milliseconds. Never negative, even if the clock steps back. */
export function lagOf(receivedAt: number | undefined, nowMs: number): number {
  return receivedAt === undefined ? 0 : Math.max(0, nowMs - receivedAt);
}
