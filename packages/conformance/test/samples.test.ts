import fc from 'fast-check';
import { formatTimestamp } from '@vigilant/core';
import { checkFilter, normalizeEvent, resolveDefaults } from '@vigilant/core/adapter';
import type { Event } from '@vigilant/core';
import { expect, it } from 'vitest';
import { eventFields, filters } from '../src/arbitraries';
import { NEAR_IDS, hardEvents, sampleEvent } from '../src/samples';

/** Normalises an event. A normalised event does not change. */
function normalized(event: Event): Event {
  const input = { ...event, timestamp: formatTimestamp(event.timestamp) };
  return normalizeEvent(input, {
    defaults: resolveDefaults({}),
    now: () => event.receivedAt,
    newId: () => expect.fail('The event has an id.'),
  });
}

it('generates only events that the engine passes to an adapter', () => {
  fc.assert(
    fc.property(eventFields, (fields) => {
      const event = { ...fields, id: `x${fields.id}` };
      expect(normalized(event)).toEqual(event);
    }),
    { numRuns: 500 },
  );
});

it('generates only filters that the engine passes to a store', () => {
  fc.assert(
    fc.property(filters, (filter) => checkFilter(filter)),
    { numRuns: 500 },
  );
});

it('contains only events and ids that the engine passes to an adapter', () => {
  for (const event of [...hardEvents(), ...NEAR_IDS.map((id) => sampleEvent({ id }))])
    expect(normalized(event)).toEqual(event);
});
