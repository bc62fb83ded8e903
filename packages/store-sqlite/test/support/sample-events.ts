import type { Event } from '@vigilant/core';

const NOW = 1_700_000_000_000;

/** Creates different events, oldest first. */
export function sampleEvents(count: number, fields: Partial<Event> = {}): Event[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `event-${index + 1}`,
    message: `event ${index + 1}`,
    level: 'INFO',
    severity: 0,
    timestamp: NOW + index,
    receivedAt: NOW + index,
    origin: 'host',
    source: 'test',
    type: 'log',
    group: 'default',
    tags: [],
    data: { n: index + 1 },
    ...fields,
  }));
}
