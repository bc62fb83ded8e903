import type { VigilantError } from '../util/errors';
import { isVigilantError } from '../util/errors';
import type { Event } from '../event/event';

/** Events that a broker refuses, and why. */
export type Refusals = ReadonlyMap<Event, VigilantError>;

const NONE: Refusals = new Map();

/**
 * Publishes events; resolves to those that the broker refuses as they are, such as one that is larger than it takes.
 *
 * A broker that refuses one takes nothing of that publish, so the others go again without it.
 */
export async function publishValid(
  publish: (events: readonly Event[]) => Promise<void>,
  events: readonly Event[],
): Promise<Refusals> {
  try {
    await publish(events);
    return NONE;
  } catch (error) {
    if (!isVigilantError(error) || error.code !== 'VIGILANT_EVENT_INVALID') throw error;
    if (events.length === 1) return new Map([[events[0] as Event, error]]);
    const middle = Math.ceil(events.length / 2);
    const first = await publishValid(publish, events.slice(0, middle));
    const second = await publishValid(publish, events.slice(middle));
    return new Map([...first, ...second]);
  }
}
