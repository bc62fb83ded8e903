import { VigilantError, isVigilantError } from '../util/errors';
import type { Event } from './event';
import { NO_DEFAULTS } from './defaults';
import { normalizeEvent } from './normalize';
import { formatTimestamp } from './timestamp';

/** Removes or replaces sensitive parts of an event; returns a new event, or the same one changed in place. */
export type Redact = (event: Event) => Event;

/**
 * Redacts a normalised event, then checks and copies the result like any input.
 *
 * `redact` receives a copy: nothing in it is shared with defaults or other events, and nothing derived from the original
 * is cached.
 *
 * @throws {VigilantError} `VIGILANT_INTERNAL` when `redact` throws or does not return a valid event. The message of the
 * thrown error is left out, because it may quote the sensitive part.
 */
export function redactEvent(event: Event, redact: Redact): Event {
  const { id, receivedAt } = event;
  let redacted: Event;
  try {
    redacted = redact({ ...event, tags: [...event.tags], data: structuredClone(event.data) });
  } catch (error) {
    throw failed(`threw ${error instanceof Error ? error.name : typeof error}`);
  }
  try {
    // A text has an unambiguous unit; the unit of a number would be guessed from its size.
    const input = { ...redacted, timestamp: formatTimestamp(redacted.timestamp) };
    return normalizeEvent(input, { defaults: NO_DEFAULTS, now: () => receivedAt, newId: () => id });
  } catch (error) {
    throw failed(`did not return a valid event${isVigilantError(error) ? ` (${error.message})` : ''}`);
  }
}

function failed(reason: string): VigilantError {
  const message = `The redact option ${reason}; the event was not accepted.`;
  return new VigilantError('VIGILANT_INTERNAL', message, { retryable: false });
}
