import type { Event, Store, StoredEvent } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import { createIdGenerator } from '@vigilant/core/adapter';

const START_MS = Date.UTC(2026, 0, 1);
const newId = createIdGenerator(() => START_MS);

/** Makes an event with defaults for the missing fields. */
export function makeEvent(fields: Partial<Event> = {}): Event {
  return {
    id: newId(),
    message: 'card declined',
    level: 'INFO',
    severity: 0,
    timestamp: START_MS,
    receivedAt: START_MS,
    origin: 'host-1',
    source: 'auth',
    type: 'log',
    group: 'default',
    tags: [],
    data: {},
    ...fields,
  };
}

/** Makes events, each a millisecond after the previous one. */
export function makeEvents(count: number, fields: Partial<Event> = {}): Event[] {
  return Array.from({ length: count }, (_, index) => makeEvent({ timestamp: START_MS + index, ...fields }));
}

/** Reads all events in order of arrival. */
export async function readAll(store: Store): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = [];
  for (let sequence = 0; ;) {
    const { events, next } = await store.query({
      filter: MATCH_ALL,
      order: 'arrival',
      after: { timestamp: 0, sequence },
      limit: 10_000,
      maxBytes: 64 * 1024 * 1024,
    });
    found.push(...events);
    if (next === undefined) return found;
    sequence = next.sequence;
  }
}
