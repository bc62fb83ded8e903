import { VigilantError, isVigilantError } from '@vigilant/core';
import type { Clock } from '@vigilant/core';
import { sleep } from '@vigilant/core/adapter';

/** Pause between attempts, in milliseconds. */
const RETRY_MS = 250;

/**
 * Repeats an attempt while it fails with a retryable error, because a node that has just started is not ready at once.
 *
 * Rejects with any other error at once, and with the last error when `late` resolves. An attempt that is still running
 * then continues in the background.
 */
export async function retryWithin(
  late: Promise<unknown>,
  clock: Clock,
  attempt: () => Promise<void>,
): Promise<void> {
  let isLate = false;
  let failure: unknown = new VigilantError('VIGILANT_BROKER_UNAVAILABLE', 'Kafka does not respond.');
  const retry = async (): Promise<void> => {
    while (!isLate) {
      try {
        return await attempt();
      } catch (error) {
        failure = error;
        if (!isVigilantError(error) || !error.retryable) throw error;
        await Promise.race([late, sleep(clock, RETRY_MS)]);
      }
    }
  };
  const attempts = retry();
  attempts.catch(() => {});
  await Promise.race([
    attempts,
    late.then(() => {
      isLate = true;
      throw failure;
    }),
  ]);
}
