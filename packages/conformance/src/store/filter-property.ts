import fc from 'fast-check';
import type { Event, Filter } from '@vigilant/core';
import { eventFields, filters } from '../arbitraries';
import { checkProperty } from '../property';
import { assertFound } from './assert-found';
import { FILTER_EXAMPLES } from './filter-examples';
import type { StoreCase } from './fixture';
import { ORDERS, comparePositions, positionOf, readAll } from './read';

/** Size of the large set: enough for several blocks of an index. */
const MANY = 2_000;

/** Adds a unique prefix to generated ids, so that many runs can share one store. */
function withIdPrefix(filter: Filter, prefix: string): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, filters: filter.filters.map((part) => withIdPrefix(part, prefix)) };
    case 'not':
      return { ...filter, filter: withIdPrefix(filter.filter, prefix) };
    case 'text':
      return filter.field === 'id' ? { ...filter, value: prefix + filter.value } : filter;
    default:
      return filter;
  }
}

/** Makes the ids of generated events unique. */
function distinct(events: readonly Event[], prefix: string): readonly Event[] {
  return events.map((event, index) => ({ ...event, id: `${prefix}${event.id}~${index}` }));
}

/** Generated filters, compared with the matcher, which defines their meaning. */
export const filterPropertyCases: readonly StoreCase[] = [
  {
    id: 'store/filter/agrees-with-matcher',
    behaviour: 'returns the events that the matcher finds, for any events and filter',
    async run({ store, runs, seed }) {
      let run = 0;
      const inputs = fc.record({
        events: fc.array(eventFields, { minLength: 1, maxLength: 8 }),
        filter: filters,
      });
      await checkProperty({ runs, seed, examples: FILTER_EXAMPLES }, inputs, async (input) => {
        run += 1;
        const prefix = `${run}/`;
        const events = distinct(input.events, prefix);
        const filter = withIdPrefix(input.filter, prefix);
        const { lastSequence: sequence } = await store.status();
        await store.append(events);
        const found = await readAll(store, { filter, order: 'arrival', after: { timestamp: 0, sequence } });
        assertFound(filter, events, found);
      });
    },
  },
  {
    id: 'store/filter/agrees-on-many',
    behaviour: 'returns the events that the matcher finds among many, in every order and up to any asOf',
    async run({ store, runs, seed }) {
      const events = distinct(fc.sample(eventFields, { numRuns: MANY, seed }), '');
      for (let start = 0; start < MANY; start += 250) await store.append(events.slice(start, start + 250));
      const stored = await readAll(store);
      const inputs = fc.record({
        filter: filters,
        order: fc.constantFrom(...ORDERS),
        asOf: fc
          .oneof(fc.constant(MANY), fc.integer({ min: 0, max: MANY - 1 }))
          .map((index) => stored[index]?.sequence),
      });
      await checkProperty({ runs: runs / 10, seed }, inputs, async ({ filter, order, asOf }) => {
        const visible = stored
          .filter(({ sequence }) => sequence <= (asOf ?? Infinity))
          .sort((a, b) => comparePositions(order, positionOf(a), positionOf(b)));
        const found = await readAll(store, { filter, order, ...(asOf === undefined ? {} : { asOf }) });
        assertFound(filter, visible, found);
      });
    },
  },
];
