import { VigilantError, isVigilantError, sleep } from '@vigilant/core';
import type { Clock } from '@vigilant/core';

/** Pause between tries, in milliseconds. */
const AGAIN_MS = 250;

/**
 * Tries again and again: a Kafka that has just started needs a moment.
 *
 * What no later try can mend is thrown at once, anything else when `late` resolves.
 */
export async function retryUntil(
  late: Promise<unknown>,
  clock: Clock,
  attempt: () => Promise<void>,
): Promise<void> {
  let isLate = false;
  let failure: unknown = new VigilantError('VIGILANT_BROKER_UNAVAILABLE', 'Kafka does not answer.');
  const tryAll = async (): Promise<void> => {
    while (!isLate) {
      try {
        return await attempt();
      } catch (error) {
        failure = error;
        if (!isVigilantError(error) || !error.retryable) throw error;
        await Promise.race([late, sleep(clock, AGAIN_MS)]);
      }
    }
  };
  const attempts = tryAll();
  // What comes of it later shows in the status.
  attempts.catch(() => {});
  await Promise.race([
    attempts,
    late.then(() => {
      isLate = true;
      throw failure;
    }),
  ]);
}
