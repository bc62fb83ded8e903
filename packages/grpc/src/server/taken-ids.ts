import type { EventInput, Vigilant } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { withTimeout } from '@vigilant/core/adapter';

/** Limits of a check. */
interface CheckLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Returns the indexes of the events whose id belongs to an event with different content.
 *
 * Never rejects, because events are accepted without the store: if it fails or does not answer in time, every id counts as free.
 */
export async function findTakenIds(
  vigilant: Vigilant,
  inputs: readonly EventInput[],
  limits: CheckLimits,
): Promise<ReadonlySet<number>> {
  try {
    const found = vigilant.findConflicts(inputs);
    return new Set(await withTimeout(found, { ...limits, clock: systemClock, onTimeout: () => [] }));
  } catch {
    return new Set();
  }
}
