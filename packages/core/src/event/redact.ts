import { VigilantError, isVigilantError } from '../errors';
import type { Event } from './event';
import { resolveDefaults } from './defaults';
import { normalizeEvent } from './normalize';
import { formatTimestamp } from './timestamp';

/** Changes or removes the sensitive parts of an event: returns another event, or the same one changed in place. */
export type Redact = (event: Event) => Event;

const NO_DEFAULTS = resolveDefaults({});

/**
 * Redacts a normalised event, and checks and copies what `redact` returns like any input.
 *
 * `redact` gets an event of its own: nothing in it is shared with defaults or other events, and nothing derived from
 * the original is remembered.
 *
 * @throws {VigilantError} `VIGILANT_INTERNAL` when `redact` throws or returns no valid event. The text of what it threw
 * is left out, because it may quote what was to be redacted.
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
    // As text a time has its unit; as a number its size would have to tell.
    const input = { ...redacted, timestamp: formatTimestamp(redacted.timestamp) };
    return normalizeEvent(input, { defaults: NO_DEFAULTS, now: () => receivedAt, newId: () => id });
  } catch (error) {
    throw failed(`returned no valid event${isVigilantError(error) ? ` (${error.message})` : ''}`);
  }
}

function failed(reason: string): VigilantError {
  const message = `The redact option ${reason}; the event was not accepted.`;
  return new VigilantError('VIGILANT_INTERNAL', message, { retryable: false });
}
