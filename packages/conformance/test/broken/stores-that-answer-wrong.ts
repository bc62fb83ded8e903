import { VigilantError } from '@vigilant/core';
import { createMatcher, widenFilter } from '@vigilant/core/adapter';
import type { Event, JsonObject } from '@vigilant/core';
import type { BrokenStore } from './broken-store';
import { WHOLE, changeFilters, changePages, changeQueries } from './broken-store';

/** Stores with a broken `query`. */
export const STORES_THAT_ANSWER_WRONG: readonly BrokenStore[] = [
  {
    name: 'does not sort by time',
    change: changeQueries((query) => ({ ...query, order: 'arrival' })),
    fails: [
      'store/query/as-of-while-writing',
      'store/query/order',
      'store/query/after',
      'store/query/as-of',
      'store/query/limit',
      'store/query-lines/agrees',
      'store/paging/stable',
      'store/paging/property',
      'store/large/equal-times',
      'store/large/late-events',
      'store/large/as-of',
    ],
  },
  {
    name: 'sorts equal times by id',
    change: changePages((events, { order }) =>
      order === 'arrival'
        ? events
        : [...events].sort((a, b) => (a.timestamp !== b.timestamp ? 0 : a.id < b.id ? 1 : -1)),
    ),
    fails: [
      'store/query/as-of-while-writing',
      'store/query/order',
      'store/query/after',
      'store/query-lines/agrees',
      'store/paging/stable',
      'store/paging/property',
      'store/large/equal-times',
      'store/large/late-events',
      'store/large/as-of',
    ],
  },
  {
    name: 'ignores limit',
    change: changeQueries((query) => ({ ...query, limit: 10_000 })),
    fails: [
      'store/query/limit',
      'store/query-lines/agrees',
      'store/paging/stable',
      'store/paging/pruned-position',
      'store/paging/property',
      'store/large/equal-times',
      'store/large/late-events',
      'store/large/as-of',
    ],
  },
  {
    name: 'ignores maxBytes',
    change: changeQueries((query) => ({ ...query, maxBytes: 2 ** 40 })),
    fails: ['store/query/max-bytes'],
  },
  {
    name: 'continues a page that has exactly maxBytes',
    change: changeQueries((query) => ({ ...query, maxBytes: query.maxBytes + 1 })),
    fails: ['store/query/max-bytes'],
  },
  {
    name: 'ignores asOf',
    change: changeQueries(({ asOf: _, ...query }) => query),
    fails: [
      'store/query/as-of',
      'store/query-lines/agrees',
      'store/filter/agrees-on-many',
      'store/paging/stable',
      'store/paging/property',
      'store/large/as-of',
    ],
  },
  {
    name: 'ignores the signal',
    change: changeQueries(({ signal: _, ...query }) => query),
    fails: ['store/query/signal'],
  },
  {
    name: 'returns no position at the deadline',
    change: (store) => ({
      async query(query) {
        const { next, ...page } = await store.query(query);
        return next === undefined || !page.complete ? page : { ...page, next };
      },
    }),
    fails: ['store/query/deadline'],
  },
  {
    name: 'continues at the last event instead of after it',
    change: changeQueries(({ after, ...query }) =>
      after === undefined ? query : { ...query, after: { ...after, sequence: after.sequence - 1 } },
    ),
    fails: [
      'store/append/visible-in-order',
      'store/shared/visible-in-order',
      'store/query/after',
      'store/query/limit',
      'store/query/max-bytes',
      'store/query/deadline',
      'store/query-lines/agrees',
      'store/filter/agrees-with-matcher',
      'store/paging/stable',
      'store/paging/pruned-position',
      'store/paging/property',
      'store/large/equal-times',
      'store/large/late-events',
      'store/large/as-of',
    ],
  },
  {
    name: 'loses the last event of a full page',
    change: changePages((events, { limit }) => (events.length === limit ? events.slice(0, -1) : events)),
    fails: [
      'store/query/limit',
      'store/query/deadline',
      'store/query-lines/agrees',
      'store/paging/stable',
      'store/paging/pruned-position',
      'store/paging/property',
      'store/large/equal-times',
      'store/large/late-events',
      'store/large/as-of',
    ],
  },
  {
    name: 'treats % as a wildcard',
    change: changeFilters((leaf) =>
      leaf.kind === 'text' && leaf.operator === 'prefix' && leaf.value.endsWith('%')
        ? { ...leaf, value: leaf.value.slice(0, -1) }
        : leaf,
    ),
    fails: ['store/filter/text', 'store/filter/id', 'store/filter/tags', 'store/filter/agrees-with-matcher'],
  },
  {
    name: 'ignores case only in ASCII',
    change: changePages((events, { filter }) =>
      filter.kind === 'contains'
        ? events.filter(({ message }) => lowerAscii(message).includes(lowerAscii(filter.text)))
        : events,
    ),
    fails: ['store/filter/contains', 'store/filter/agrees-with-matcher'],
  },
  {
    name: 'does not find keys with dots',
    change: changePages((events, { filter }) =>
      filter.kind === 'data' && widenFilter(filter).isExact
        ? events.filter((event) => createMatcher(filter)(withoutDots(event)))
        : events,
    ),
    fails: ['store/filter/data', 'store/filter/agrees-with-matcher'],
  },
  {
    name: 'excludes absent values from a complement',
    change: changePages((events, { filter }) =>
      filter.kind === 'not' && filter.filter.kind === 'data' && widenFilter(filter).isExact
        ? events.filter(createMatcher({ ...filter.filter, test: { operator: 'present' } }))
        : events,
    ),
    fails: ['store/filter/data', 'store/filter/agrees-with-matcher'],
  },
  {
    name: 'treats true as 1',
    change: changeFilters((leaf) =>
      leaf.kind === 'data' && leaf.test.operator === 'equals' && leaf.test.literal === true
        ? { ...leaf, test: { ...leaf.test, text: '1', literal: 1 } }
        : leaf,
    ),
    fails: ['store/filter/data', 'store/filter/agrees-with-matcher'],
  },
  {
    name: 'compares levels by name',
    change: changePages((events, { filter }) =>
      filter.kind === 'ordered' && filter.field === 'level' && filter.operator === '>'
        ? events.filter(({ level }) => level > 'INFO')
        : events,
    ),
    fails: ['store/filter/ordered'],
  },
  {
    name: 'compares times with <= instead of <',
    change: changeFilters((leaf) =>
      leaf.kind === 'ordered' && leaf.field === 'timestamp' && leaf.operator === '<'
        ? { ...leaf, operator: '<=' }
        : leaf,
    ),
    fails: ['store/filter/ordered', 'store/filter/time-range'],
  },
  {
    name: 'matches everything with an empty or',
    change: changeQueries((query) =>
      query.filter.kind === 'or' && query.filter.filters.length === 0
        ? { ...query, filter: { kind: 'all' } }
        : query,
    ),
    fails: ['store/query-lines/agrees', 'store/filter/combined', 'store/filter/agrees-with-matcher'],
  },
  {
    name: 'evaluates only the first hundred parts of a filter',
    change: changeQueries((query) =>
      query.filter.kind === 'and'
        ? { ...query, filter: { ...query.filter, filters: query.filter.filters.slice(0, 100) } }
        : query,
    ),
    fails: ['store/filter/large'],
  },
  {
    name: 'returns an asOf that no event has in an empty store',
    change: (store) => ({
      async query(query) {
        const page = await store.query(query);
        return { ...page, asOf: query.asOf ?? Math.max(1, page.asOf) };
      },
    }),
    fails: ['store/query/empty'],
  },
  {
    name: 'rejects filters of a later version',
    change: changeFilters((leaf) => {
      if (widenFilter(leaf).isExact) return leaf;
      throw new VigilantError('VIGILANT_FILTER_INVALID', `Unknown filter ${leaf.kind}.`);
    }),
    fails: ['store/filter/unknown'],
  },
  {
    name: 'finds nothing for a filter of a later version',
    change: changeFilters((leaf) => (widenFilter(leaf).isExact ? leaf : { kind: 'or', filters: [] })),
    fails: ['store/filter/unknown'],
  },
  {
    name: 'does not mark a page as a superset',
    change: (store) => ({ query: async (query) => ({ ...(await store.query(query)), superset: false }) }),
    fails: ['store/filter/unknown'],
  },
  {
    name: 'returns pages without an epoch',
    change: (store) => ({ query: async (query) => ({ ...(await store.query(query)), epoch: '' }) }),
    fails: ['store/query/epoch'],
  },
  {
    name: 'finds an event by a prefix of its id',
    change: (store) => ({
      async get(id) {
        const { events } = await store.query(WHOLE);
        return (await store.get(id)) ?? events.find((event) => event.id.startsWith(id));
      },
    }),
    fails: ['store/get/missing'],
  },
];

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function withoutDots(event: Event): Event {
  const entries = Object.entries(event.data).filter(([key]) => !key.includes('.'));
  return { ...event, data: Object.fromEntries(entries) as JsonObject };
}
