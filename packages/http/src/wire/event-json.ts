import type { Event, StoredEvent } from '@vigilant/core';
import { formatTimestamp } from '@vigilant/core';

/** An event as JSON: times are ISO 8601 in UTC. */
export type EventJson = Omit<StoredEvent, 'timestamp' | 'receivedAt' | 'sequence'> & {
  readonly timestamp: string;
  readonly receivedAt: string;
  /** Absent from the events of a tail, which may not be stored yet. */
  readonly sequence?: number;
};

const UTF8 = new TextEncoder();

/** Encoded events. The tails of a handler receive the same objects. */
const encoded = new WeakMap<Event, Uint8Array>();

/** Returns the JSON of an event as UTF-8. The bytes are cached while the event is in memory. */
export function encodeEventJson(event: Event): Uint8Array {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const bytes = UTF8.encode(JSON.stringify(toEventJson(event)));
  encoded.set(event, bytes);
  return bytes;
}

/** Converts an event to JSON. Integers in `data` beyond 2^53 are already text. */
export function toEventJson(event: Event & { readonly sequence?: number }): EventJson {
  const { id, message, level, severity, origin, source, type, group, tags, data, sequence } = event;
  return {
    id,
    message,
    level,
    severity,
    timestamp: formatTimestamp(event.timestamp),
    receivedAt: formatTimestamp(event.receivedAt),
    origin,
    source,
    type,
    group,
    tags,
    data,
    ...(sequence === undefined ? {} : { sequence }),
  };
}
