import assert from 'node:assert/strict';
import { LEVELS } from '@vigilant/core';
import { fromMicros, toMicros } from '@vigilant/core/adapter';
import type { DataTest, Event, Filter, Store, TextField } from '@vigilant/core';
import { NEAR_IDS, sampleEvent, sampleEvents } from '../samples';
import { assertFound } from './assert-found';
import {
  DATA,
  MESSAGES,
  NEEDLES,
  ORDERED,
  PATHS,
  PREFIXES,
  TESTS,
  TEXTS,
  UNKNOWN_FILTERS,
} from './filter-samples';
import type { StoreCase, StoreFixture } from './fixture';
import { readAll, readPage } from './read';

const contains = (text: string): Filter => ({ kind: 'contains', text });
const text = (field: TextField, operator: 'equals' | 'prefix', value: string): Filter => ({
  kind: 'text',
  field,
  operator,
  value,
});
const data = (path: readonly string[], test: DataTest): Filter => ({ kind: 'data', path, test });
const severityFrom = (value: number): Filter => ({
  kind: 'ordered',
  field: 'severity',
  operator: '>=',
  value,
});
const not = (filter: Filter): Filter => ({ kind: 'not', filter });

/** Queries a store with each filter and compares the result with that of the matcher. */
async function expectAgreement(
  { store }: StoreFixture,
  events: readonly Event[],
  filters: readonly Filter[],
): Promise<void> {
  await store.append(events);
  for (const filter of filters) {
    for (const tried of [filter, not(filter)])
      assertFound(tried, events, await readAll(store, { filter: tried }));
  }
}

/** Fails unless a query finds these events and reports that the page may contain others. */
async function expectUndecided(store: Store, filter: Filter, events: readonly Event[]): Promise<void> {
  const { events: found, superset } = await readPage(store, { filter });
  const ids = new Set(found.map(({ id }) => id));
  const missing = events.filter(({ id }) => !ids.has(id));
  assert.deepEqual(missing, [], `Events are missing that may match ${JSON.stringify(filter)}.`);
  if (store.capabilities.filtering === 'exact')
    assert.equal(superset, true, `The page is not marked as a superset for ${JSON.stringify(filter)}.`);
}

/** Examples of each kind of filter. */
export const filterCases: readonly StoreCase[] = [
  {
    id: 'store/filter/contains',
    behaviour: 'finds text in messages, ignoring case in any script, without wildcards',
    run: (fixture) =>
      expectAgreement(
        fixture,
        MESSAGES.map((message) => sampleEvent({ message })),
        NEEDLES.map(contains),
      ),
  },
  {
    id: 'store/filter/text',
    behaviour: 'compares text fields bytewise, as a whole and by prefix',
    run: (fixture) =>
      expectAgreement(
        fixture,
        TEXTS.map((value) =>
          sampleEvent({ message: value, origin: value, source: value, type: value, group: value }),
        ),
        (['message', 'origin', 'source', 'type', 'group'] as const).flatMap((field): Filter[] => [
          ...TEXTS.map((value) => text(field, 'equals', value)),
          ...PREFIXES.map((value) => text(field, 'prefix', value)),
          { kind: 'present', field },
        ]),
      ),
  },
  {
    id: 'store/filter/id',
    behaviour: 'compares ids bytewise, as a whole and by prefix',
    run: (fixture) =>
      expectAgreement(
        fixture,
        NEAR_IDS.map((id) => sampleEvent({ id })),
        [
          ...NEAR_IDS.map((id) => text('id', 'equals', id)),
          ...['', 'a', '0', '0190163d', '0190163D', '0190163d8', 'x', '%', '_', '\\', '{', '支'].map((id) =>
            text('id', 'prefix', id),
          ),
          { kind: 'present', field: 'id' },
        ],
      ),
  },
  {
    id: 'store/filter/tags',
    behaviour: 'matches by any tag',
    run: (fixture) =>
      expectAgreement(
        fixture,
        [[], ['a'], ['b', 'a'], ['ab', 'c'], ['A'], ['%'], ['a,b'], ['"a"'], ['支付'], ['a\\'], ['[]']].map(
          (tags) => sampleEvent({ tags }),
        ),
        [
          ...['a', 'b', 'ab', 'a,b', '', '%', '"a"', '支付', '"', '[]'].flatMap((tag) => [
            text('tags', 'equals', tag),
            text('tags', 'prefix', tag),
          ]),
          { kind: 'present', field: 'tags' },
        ],
      ),
  },
  {
    id: 'store/filter/ordered',
    behaviour: 'compares levels by rank, severities as integers and timestamps to the microsecond',
    run: (fixture) =>
      expectAgreement(
        fixture,
        [
          ...LEVELS.map((level) => sampleEvent({ level })),
          ...(ORDERED[1]?.[1] ?? []).map((severity) => sampleEvent({ severity })),
          ...(ORDERED[2]?.[1] ?? []).map((time) => sampleEvent({ timestamp: fromMicros(time) })),
        ],
        ORDERED.flatMap(([field, values]) => [
          { kind: 'present' as const, field },
          ...values.flatMap((value) =>
            (['=', '<', '<=', '>', '>='] as const).map((operator) => ({
              kind: 'ordered' as const,
              field,
              operator,
              value,
            })),
          ),
        ]),
      ),
  },
  {
    id: 'store/filter/data',
    behaviour: 'tests data at a path: nested and dotted keys, through arrays, by type',
    run: (fixture) =>
      expectAgreement(
        fixture,
        DATA.map((value) => sampleEvent({ data: value })),
        PATHS.flatMap((path) => TESTS.map((test) => data(path, test))),
      ),
  },
  {
    id: 'store/filter/combined',
    behaviour: 'combines filters with and, or and not, including empty ones',
    async run(fixture) {
      const parts: Filter[] = [
        { kind: 'ordered', field: 'level', operator: '>=', value: 2 },
        contains('card'),
        text('tags', 'equals', 'payment'),
        data(['userId'], { operator: 'equals', text: '42', literal: 42 }),
        not(text('group', 'equals', 'noisy')),
      ];
      const events = Array.from({ length: 32 }, (_, bits) =>
        sampleEvent({
          level: bits & 1 ? 'WARN' : 'INFO',
          message: bits & 2 ? 'the card' : 'the cash',
          tags: bits & 4 ? ['payment'] : [],
          data: bits & 8 ? { userId: 42 } : {},
          group: bits & 16 ? 'noisy' : 'quiet',
        }),
      );
      const groups = [[], ...parts.map((_, index) => parts.slice(index)), ...parts.map((part) => [part])];
      await expectAgreement(fixture, events, [
        { kind: 'all' },
        ...groups.flatMap((filters): Filter[] => [
          { kind: 'and', filters },
          { kind: 'or', filters },
          {
            kind: 'or',
            filters: [
              { kind: 'and', filters },
              { kind: 'and', filters: filters.map(not) },
            ],
          },
        ]),
      ]);
    },
  },
  {
    id: 'store/filter/time-range',
    behaviour: 'applies time bounds exactly, in every order',
    async run(fixture) {
      const events = sampleEvents(40);
      const from = toMicros((events[10] as Event).timestamp);
      const range: Filter[] = [
        { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
        { kind: 'ordered', field: 'timestamp', operator: '<', value: from + 15_000 },
      ];
      await expectAgreement(fixture, events, [{ kind: 'and', filters: range }, ...range]);
    },
  },
  {
    id: 'store/filter/unknown',
    behaviour: 'returns all events that may match a filter of a later version, marked as a superset',
    async run({ store }) {
      const events = LEVELS.map((level) => sampleEvent({ level }));
      await store.append(events);
      for (const unknown of UNKNOWN_FILTERS) {
        const isError: Filter = { kind: 'ordered', field: 'level', operator: '=', value: 3 };
        await expectUndecided(store, unknown, events);
        await expectUndecided(store, not(unknown), events);
        await expectUndecided(store, { kind: 'or', filters: [unknown, isError] }, events);
        await expectUndecided(store, { kind: 'and', filters: [not(unknown), isError] }, events.slice(-1));
      }
    },
  },
  {
    id: 'store/filter/large',
    behaviour: 'accepts the largest filter that the language allows',
    run: (fixture) =>
      expectAgreement(fixture, sampleEvents(20), [
        {
          kind: 'or',
          filters: Array.from({ length: 250 }, (_, index) => text('source', 'equals', `s${index}`)),
        },
        {
          kind: 'and',
          filters: [
            ...Array.from({ length: 249 }, (_, index) => severityFrom(-index)),
            text('source', 'equals', 'nobody'),
          ],
        },
        Array.from({ length: 31 }).reduce<Filter>((inner) => not(inner), contains('card')),
        contains('x'.repeat(8_000)),
      ]),
  },
];
