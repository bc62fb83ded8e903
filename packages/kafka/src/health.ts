import type { Clock } from '@vigilant/core';
import type { ConsumptionHealth } from './group-consumption';

/** After how long without an answer consuming counts as stuck, in milliseconds. Kafka answers each fetch within a second. */
const SILENT_MS = 5_000;

/** Says why a broker that answers works less than it should. */
export function findTrouble(
  clock: Clock,
  consumption: ConsumptionHealth | undefined,
  retentionMs: number | undefined,
  lost: number,
): string | undefined {
  if (consumption?.trouble !== undefined) return consumption.trouble;
  if (consumption !== undefined) {
    const silentMs = clock.monotonic() - consumption.lastActivity;
    if (silentMs > SILENT_MS) return `Kafka has answered nothing for ${Math.round(silentMs / 1000)} s.`;
    const waitingMs = clock.now() - (consumption.oldest ?? Infinity);
    if (retentionMs !== undefined && waitingMs > retentionMs / 2)
      return `An event has waited for ${Math.round(waitingMs / 1000)} s; the topic deletes it after ${Math.round(retentionMs / 1000)} s (retention.ms).`;
  }
  if (lost > 0)
    return `${lost} events were deleted from the topic before they were stored: raise its retention.ms.`;
  return undefined;
}
