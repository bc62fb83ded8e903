import { formatTimestamp } from './timestamp';
import type { Event, StoredEvent } from './event';

/** An event as JSON for other programs: times are ISO 8601 in UTC. Its fields have this order. */
export type EventJson = Omit<StoredEvent, 'timestamp' | 'receivedAt' | 'sequence'> & {
  readonly timestamp: string;
  readonly receivedAt: string;
  /** Absent from the events of a tail, which may not be stored yet. */
  readonly sequence?: number;
};

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
