import fc from 'fast-check';
import { formatTimestamp } from '@vigilant/core';
import { checkFilter, normalizeEvent, resolveDefaults } from '@vigilant/core/adapter';
import type { Event } from '@vigilant/core';
import { expect, it } from 'vitest';
import { eventFields, filters } from '../src/arbitraries';
import { NEAR_IDS, hardEvents, sampleEvent } from '../src/samples';

/** What normalising makes of an event; the same event, if it was normal. */
function normalized(event: Event): Event {
  const input = { ...event, timestamp: formatTimestamp(event.timestamp) };
  return normalizeEvent(input, {
    defaults: resolveDefaults({}),
    now: () => event.receivedAt,
    newId: () => expect.fail('The event has an id.'),
  });
}

it('draws only events that the engine would hand to an adapter', () => {
  fc.assert(
    fc.property(eventFields, (fields) => {
      const event = { ...fields, id: `x${fields.id}` };
      expect(normalized(event)).toEqual(event);
    }),
    { numRuns: 500 },
  );
});

it('draws only filters that the engine would hand to a store', () => {
  fc.assert(
    fc.property(filters, (filter) => checkFilter(filter)),
    { numRuns: 500 },
  );
});

it('tries hard events and ids that the engine would hand to an adapter', () => {
  for (const event of [...hardEvents(), ...NEAR_IDS.map((id) => sampleEvent({ id }))])
    expect(normalized(event)).toEqual(event);
});
