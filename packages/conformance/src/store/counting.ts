import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countValues, createMatcher, toMicros } from '@vigilant/core/adapter';
import type {
  CountField,
  Event,
  Facets,
  Filter,
  Histogram,
  HistogramBucket,
  HistogramQuery,
  Store,
} from '@vigilant/core';
import { eventFields } from '../arbitraries';
import { BASE_MS, sampleEvent } from '../samples';
import type { StoreCase, StoreFixture } from './fixture';

const FIELDS: readonly CountField[] = [
  ...(['level', 'severity', 'origin', 'source', 'type', 'group', 'tags'] as const).map((name) => ({ name })),
  { name: 'data', path: ['userId'] },
  { name: 'data', path: ['a', 'b'] },
];

const FILTERS: readonly Filter[] = [
  { kind: 'all' },
  { kind: 'ordered', field: 'level', operator: '>=', value: 2 },
  { kind: 'text', field: 'source', operator: 'equals', value: 'auth' },
  { kind: 'contains', text: 'DECLINED' },
  { kind: 'data', path: ['userId'], test: { operator: '>=', number: 3 } },
  { kind: 'not', filter: { kind: 'text', field: 'tags', operator: 'equals', value: 'payment' } },
  { kind: 'ordered', field: 'timestamp', operator: '>=', value: toMicros(BASE_MS + 90_000) },
  { kind: 'or', filters: [] },
];

const WORDS = ['auth', 'shop', '', '__proto__', '支付', 'Auth', 'constructor'];

/** Events of several minutes. Their fields have few values, their data a few more. */
function countedEvents(): Event[] {
  return Array.from({ length: 400 }, (_, index) =>
    sampleEvent({
      timestamp: BASE_MS + ((index * 7919) % 300_000) + (index % 3) / 1000,
      level: (['DEBUG', 'INFO', 'WARN', 'ERROR'] as const)[index % 4] ?? 'INFO',
      severity: (index % 3) - 1,
      source: WORDS[index % WORDS.length] ?? '',
      origin: `host-${index % 40}`,
      message: index % 2 ? 'card declined' : 'card accepted',
      tags: index % 5 ? ['payment', `tag-${index % 6}`] : [],
      data: {
        userId: index % 6,
        a: index % 2 ? { b: ['x', 'y', index % 3] } : { b: null },
        'a.b': index % 7 ? true : 'x',
      },
    }),
  );
}

/** Appends these events in several batches and returns them. */
async function appendCounted(store: Store): Promise<readonly Event[]> {
  const events = countedEvents();
  for (let start = 0; start < events.length; start += 90) await store.append(events.slice(start, start + 90));
  return events;
}

function expectedBuckets(events: readonly Event[], query: HistogramQuery): readonly HistogramBucket[] {
  const buckets = new Map<number, Map<string, number>>();
  for (const event of events.filter(createMatcher(query.filter))) {
    const time = toMicros(event.timestamp);
    if (time < query.from || time >= query.until) continue;
    const start = query.from + Math.floor((time - query.from) / query.bucketMicros) * query.bucketMicros;
    const counts = buckets.get(start) ?? new Map<string, number>();
    buckets.set(start, counts);
    for (const value of countValues(event, query.by)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const kept = new Set(
    topValues(
      [...buckets.values()].flatMap((counts) => [...counts]),
      query.limit,
    ),
  );
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([start, counts]) => {
      const other = [...counts].reduce((sum, [value, count]) => sum + (kept.has(value) ? 0 : count), 0);
      const own = Object.fromEntries([...counts].filter(([value]) => kept.has(value)));
      return other > 0 ? { start, counts: own, other } : { start, counts: own };
    });
}

/** Returns the most frequent values; ties are broken by text. */
function topValues(counts: readonly (readonly [string, number])[], limit: number): string[] {
  const totals = new Map<string, number>();
  for (const [value, count] of counts) totals.set(value, (totals.get(value) ?? 0) + count);
  return [...totals]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([value]) => value);
}

/** Removes the order of keys and the buckets without counts. */
function comparable(buckets: Histogram['buckets']): unknown {
  return buckets
    .map(({ start, counts, other = 0 }) => ({
      start,
      counts: Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)),
      other,
    }))
    .filter(({ counts, other }) => counts.length > 0 || other > 0);
}

async function expectHistogram(
  { store }: StoreFixture,
  events: readonly Event[],
  query: HistogramQuery,
): Promise<void> {
  const histogram = (await store.histogram?.(query)) as Histogram;
  assert.equal(histogram.complete, true, 'A histogram without a deadline must be complete.');
  assert.equal(histogram.epoch, (await store.status()).epoch);
  // Any count is valid if the result is marked as not exact.
  if (histogram.exact)
    assert.deepEqual(
      comparable(histogram.buckets),
      comparable(expectedBuckets(events, query)),
      JSON.stringify(query),
    );
}

async function expectFacets(
  { store }: StoreFixture,
  events: readonly Event[],
  filter: Filter,
  limit: number,
): Promise<void> {
  const { facets, ...answer } = (await store.facets?.({ filter, fields: FIELDS, limit })) as Facets;
  const { epoch, lastSequence } = await store.status();
  assert.equal(answer.complete, true, 'Facets without a deadline must be complete.');
  assert.deepEqual([answer.epoch, answer.asOf], [epoch, lastSequence]);
  assert.deepEqual(
    facets.map(({ field }) => field),
    FIELDS,
  );
  for (const facet of facets) {
    const counts = new Map<string, number>();
    for (const event of events.filter(createMatcher(filter)))
      for (const value of countValues(event, facet.field)) counts.set(value, (counts.get(value) ?? 0) + 1);
    const expected = topValues([...counts], limit).map((value) => ({ value, count: counts.get(value) }));
    assert.ok(facet.values.length <= limit, 'The result has more values than requested.');
    if (!facet.exact) continue;
    assert.deepEqual(facet.values, expected, `${JSON.stringify(facet.field)} of ${JSON.stringify(filter)}`);
    if (facet.distinct !== undefined) assert.equal(facet.distinct, counts.size);
  }
}

/** Histograms and facets. */
export const countingCases: readonly StoreCase[] = [
  {
    id: 'store/histogram/agrees',
    behaviour: 'returns the counts per bucket that the events have',
    needs: ['histogram'],
    async run(fixture) {
      const events = await appendCounted(fixture.store);
      const from = toMicros(BASE_MS);
      const ranges = [
        { from, until: from + 300_000_000, bucketMicros: 60_000_000 },
        { from: from + 1, until: from + 200_000_001, bucketMicros: 7_000_003 },
        { from: from - 86_400_000_000, until: from + 86_400_000_000, bucketMicros: 3_600_000_000 },
        { from: from + 59_999_999, until: from + 120_000_001, bucketMicros: 60_000_000 },
        // One event is exactly at the end, which is exclusive, and one at the start, which is inclusive.
        { from, until: toMicros((events[50] as Event).timestamp), bucketMicros: 10_000_000 },
      ];
      for (const filter of FILTERS)
        for (const range of ranges)
          await expectHistogram(fixture, events, { filter, ...range, by: { name: 'level' }, limit: 1_000 });
      for (const by of FIELDS)
        for (const range of ranges.slice(0, 2))
          await expectHistogram(fixture, events, { filter: { kind: 'all' }, ...range, by, limit: 1_000 });
    },
  },
  {
    id: 'store/histogram/limit',
    behaviour: 'keeps the most frequent values of the whole range and sums the others',
    needs: ['histogram'],
    async run(fixture) {
      const events = await appendCounted(fixture.store);
      const from = toMicros(BASE_MS);
      const range = { from, until: from + 300_000_000, bucketMicros: 60_000_000 };
      for (const by of FIELDS)
        for (const limit of [1, 3])
          await expectHistogram(fixture, events, { filter: { kind: 'all' }, ...range, by, limit });
    },
  },
  {
    id: 'store/facets/agrees',
    behaviour: 'returns the most frequent values that the events have',
    needs: ['facets'],
    async run(fixture) {
      const events = await appendCounted(fixture.store);
      for (const filter of FILTERS)
        for (const limit of [1, 5, 1_000]) await expectFacets(fixture, events, filter, limit);
    },
  },
  {
    id: 'store/facets/odd-values',
    behaviour: 'counts values of any text and type',
    needs: ['facets'],
    async run(fixture) {
      const drawn = fc.sample(eventFields, { numRuns: 300, seed: fixture.seed });
      const events = drawn.map((event, index) => ({ ...event, id: `drawn-${index}` }));
      await fixture.store.append(events);
      await expectFacets(fixture, events, { kind: 'all' }, 1_000);
    },
  },
];
