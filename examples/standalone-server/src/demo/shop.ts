import type { EventInput } from '@vigilant/core';
import { createRandom } from './random';
import { visitShop } from './visit';

/** One minute in milliseconds. */
export const MINUTE_MS = 60_000;

/** The payment provider is slow during the last of every 15 minutes. */
const INCIDENT_PERIOD = 15;
const INCIDENT_MINUTES = 4;

/** Visits per minute: the mean, and the amplitude of a sine wave of half an hour. */
const MEAN_VISITS = 40;
const VISITS_AMPLITUDE = 18;

/**
 * Returns the events of the demo shop during one minute, sorted by timestamp.
 *
 * They depend only on the minute, including the ids, so logging the same minute again stores nothing twice.
 *
 * @param minute - Number of minutes since the epoch.
 */
export function eventsOfMinute(minute: number): readonly EventInput[] {
  const random = createRandom(minute);
  const visits = MEAN_VISITS + Math.round(VISITS_AMPLITUDE * Math.sin((minute / 30) * 2 * Math.PI));
  const isProviderSlow = minute % INCIDENT_PERIOD >= INCIDENT_PERIOD - INCIDENT_MINUTES;
  const events = Array.from({ length: visits }, (_, index) =>
    visitShop({
      random,
      start: minute * MINUTE_MS + random.integer(0, MINUTE_MS - 1),
      orderId: (minute % 100_000) * 100 + index,
      isProviderSlow,
    }),
  ).flat();
  return events.sort((one, other) => Number(one.timestamp) - Number(other.timestamp));
}
