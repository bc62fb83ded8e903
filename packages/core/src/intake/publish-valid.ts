import type { VigilantError } from '../util/errors';
import { isVigilantError } from '../util/errors';
import type { Event } from '../event/event';

/** The events that a broker rejected, with their errors. */
export type Rejections = ReadonlyMap<Event, VigilantError>;

/** The rejections of a publish that accepts all events. */
export const NONE_REJECTED: Rejections = new Map();

/**
 * Publishes events and resolves to those that the broker rejects as invalid, such as one that is too large for it.
 *
 * A broker that rejects one event accepts none of that publish, so the batch is bisected and published again.
 */
export async function publishValid(
  publish: (events: readonly Event[]) => Promise<void>,
  events: readonly Event[],
): Promise<Rejections> {
  try {
    await publish(events);
    return NONE_REJECTED;
  } catch (error) {
    if (!isVigilantError(error) || error.code !== 'VIGILANT_EVENT_INVALID') throw error;
    if (events.length === 1) return new Map([[events[0] as Event, error]]);
    const middle = Math.ceil(events.length / 2);
    const first = await publishValid(publish, events.slice(0, middle));
    const second = await publishValid(publish, events.slice(middle));
    return new Map([...first, ...second]);
  }
}
