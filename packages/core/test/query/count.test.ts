import { describe, expect, it } from 'vitest';
import type {
  CountField,
  EventPage,
  EventQuery,
  FacetQuery,
  HistogramQuery,
} from '../../src/contracts/query';
import type { Store } from '../../src/contracts/store';
import type { Event, StoredEvent } from '../../src/event/event';
import { fromMicros } from '../../src/event/timestamp';
import { facetsOfRows, histogramOfRows } from '../../src/query/count';
import { createManualClock } from '../../src/util/clock';
import { event } from '../support';

/** Maximum number of counters in memory. */
const MAX_COUNTERS = 100_000;

const SOURCE: CountField = { name: 'source' };
const TAGS: CountField = { name: 'tags' };
const FILTER = { kind: 'contains', text: 'hello' } as const;
const AFTER = { timestamp: 1, sequence: 7 };

const stored = (fields: Partial<Event>): StoredEvent => ({ ...event(fields), sequence: 1 });
const ofSources = (...sources: string[]): StoredEvent[] => sources.map((source) => stored({ source }));
const at = (micros: number, source = 'a'): StoredEvent => stored({ timestamp: fromMicros(micros), source });
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `t${n}`);

/** Creates a store that returns the given pages in order, 100 ms each, and records its queries. */
function setUp(...pages: readonly Partial<EventPage>[]) {
  const queries: EventQuery[] = [];
  const clock = createManualClock();
  const store = {
    capabilities: { filtering: 'exact' },
    async query(query: EventQuery): Promise<EventPage> {
      queries.push(query);
      await clock.advance(100);
      return { events: [], complete: true, epoch: 'e', asOf: 99, ...pages[queries.length - 1] };
    },
  } as unknown as Store;
  const histogram = (change: Partial<HistogramQuery> = {}) =>
    histogramOfRows(
      store,
      { filter: FILTER, by: SOURCE, limit: 10, from: 1_000, until: 1_300, bucketMicros: 100, ...change },
      clock,
    );
  const facets = (change: Partial<FacetQuery> = {}) =>
    facetsOfRows(store, { filter: FILTER, fields: [SOURCE], limit: 10, ...change }, clock);
  return { queries, histogram, facets };
}

/** Pages that a reader continues after: full ones, so that `find` does not query again by itself. */
function fullPage(source: string): Partial<EventPage> {
  return { events: ofSources(...Array.from({ length: 2_000 }, () => source)), next: AFTER };
}

describe('histogramOfRows', () => {
  it('queries the events of its range that match its filter, newest first', async () => {
    const { queries, histogram } = setUp();
    await histogram();
    expect(queries).toStrictEqual([
      {
        filter: {
          kind: 'and',
          filters: [
            FILTER,
            { kind: 'ordered', field: 'timestamp', operator: '>=', value: 1_000 },
            { kind: 'ordered', field: 'timestamp', operator: '<', value: 1_300 },
          ],
        },
        order: 'newest',
        limit: 2_000,
        maxBytes: 4 * 1024 * 1024,
      },
    ]);
  });

  it('counts each event in the bucket that contains it, and sorts the buckets', async () => {
    const { histogram } = setUp({ events: [at(1_299), at(1_200), at(1_099), at(1_000)] });
    expect(await histogram()).toStrictEqual({
      buckets: [
        { start: 1_000, counts: { a: 2 } },
        { start: 1_200, counts: { a: 2 } },
      ],
      exact: true,
      complete: true,
      epoch: 'e',
      asOf: 99,
      statistics: { scanned: 4, elapsedMs: 100 },
    });
  });

  it('keeps the values that are most frequent in the whole range, and sums the others per bucket', async () => {
    const sources = ['a', 'b', 'b', 'c'].map((source) => at(1_000, source));
    const { histogram } = setUp({ events: [...sources, at(1_100, 'a'), at(1_200, 'c'), at(1_200, 'a')] });
    const { buckets, exact } = await histogram({ limit: 1 });
    expect(buckets).toStrictEqual([
      { start: 1_000, counts: { a: 1 }, other: 3 },
      { start: 1_100, counts: { a: 1 } },
      { start: 1_200, counts: { a: 1 }, other: 1 },
    ]);
    expect(exact).toBe(true);
  });

  it('is exact with as many counters as fit', async () => {
    const events = [
      stored({ tags: numbered(MAX_COUNTERS), timestamp: 1 }),
      stored({ tags: ['t0'], timestamp: 1 }),
    ];
    const { buckets, exact } = await setUp({ events }).histogram({ by: TAGS, limit: 1 });
    expect(buckets).toStrictEqual([{ start: 1_000, counts: { t0: 2 }, other: MAX_COUNTERS - 1 }]);
    expect(exact).toBe(true);
  });

  it('sums values without a counter of their own, and is not exact then', async () => {
    const events = [
      stored({ tags: numbered(MAX_COUNTERS - 1), timestamp: 1 }),
      stored({ tags: ['t0', 'last', 'beyond', 'beyond', 't0'], timestamp: 1 }),
    ];
    const { buckets, exact, complete } = await setUp({ events }).histogram({ by: TAGS, limit: 1 });
    expect(buckets).toStrictEqual([{ start: 1_000, counts: { t0: 3 }, other: MAX_COUNTERS + 1 }]);
    expect([exact, complete]).toEqual([false, true]);
  });

  it('shares the counters among all buckets', async () => {
    const events = [
      stored({ tags: numbered(MAX_COUNTERS), timestamp: 1 }),
      stored({ tags: ['t0'], timestamp: 1.1 }),
    ];
    const { buckets, exact } = await setUp({ events }).histogram({ by: TAGS, limit: 1 });
    expect(buckets).toMatchObject([{ start: 1_000 }, { start: 1_100, counts: {}, other: 1 }]);
    expect(exact).toBe(false);
  });

  it('is not exact when the deadline ends the count', async () => {
    const { histogram } = setUp({ events: [at(1_000)], next: AFTER, complete: false });
    expect(await histogram()).toMatchObject({ exact: false, complete: false });
  });
});

describe('facetsOfRows', () => {
  it('counts the values of each field, most frequent first and then by text', async () => {
    const events = ofSources('c', 'b', 'a', 'b', 'd', 'd').map((each) => ({ ...each, tags: ['x'] }));
    expect(await setUp({ events }).facets({ fields: [SOURCE, TAGS], limit: 3 })).toStrictEqual({
      facets: [
        {
          field: SOURCE,
          values: [
            { value: 'b', count: 2 },
            { value: 'd', count: 2 },
            { value: 'a', count: 1 },
          ],
          exact: true,
          distinct: 4,
        },
        { field: TAGS, values: [{ value: 'x', count: 6 }], exact: true, distinct: 1 },
      ],
      complete: true,
      epoch: 'e',
      asOf: 99,
      statistics: { scanned: 6, elapsedMs: 100 },
    });
  });

  it('is exact with as many counters as fit', async () => {
    const events = [stored({ tags: numbered(MAX_COUNTERS) }), stored({ tags: ['t0'] })];
    const { facets } = await setUp({ events }).facets({ fields: [TAGS], limit: 1 });
    expect(facets).toStrictEqual([
      { field: TAGS, values: [{ value: 't0', count: 2 }], exact: true, distinct: MAX_COUNTERS },
    ]);
  });

  it('leaves out values without a counter, for that field only', async () => {
    const events = [
      stored({ tags: numbered(MAX_COUNTERS) }),
      stored({ tags: ['beyond', 'beyond', 'beyond', 't0', 't0'] }),
    ];
    const { facets } = await setUp({ events }).facets({ fields: [TAGS, SOURCE], limit: 2 });
    expect(facets).toStrictEqual([
      {
        field: TAGS,
        values: [
          { value: 't0', count: 3 },
          { value: 't1', count: 1 },
        ],
        exact: false,
      },
      { field: SOURCE, values: [{ value: '', count: 2 }], exact: true, distinct: 1 },
    ]);
  });

  it('returns no number of distinct values when the deadline ends the count', async () => {
    const { facets } = setUp({ events: ofSources('a'), next: AFTER, complete: false });
    expect(await facets()).toMatchObject({ complete: false });
    expect(
      (await setUp({ events: ofSources('a'), next: AFTER, complete: false }).facets()).facets,
    ).toStrictEqual([{ field: SOURCE, values: [{ value: 'a', count: 1 }], exact: false }]);
  });
});

describe('counting of rows', () => {
  it('continues page by page as of the first page, within the remaining time', async () => {
    const { signal } = new AbortController();
    const { queries, facets } = setUp(fullPage('a'), fullPage('b'), { events: ofSources('c'), asOf: 98 });
    const result = await facets({ deadlineMs: 1_000, signal });
    expect(result).toMatchObject({
      complete: true,
      asOf: 98,
      statistics: { scanned: 4_001, elapsedMs: 300 },
      facets: [{ distinct: 3, exact: true }],
    });
    const common = { filter: FILTER, order: 'newest', limit: 2_000, maxBytes: 4 * 1024 * 1024, signal };
    expect(queries).toStrictEqual([
      { ...common, deadlineMs: 1_000 },
      { ...common, deadlineMs: 900, after: AFTER, asOf: 99 },
      { ...common, deadlineMs: 800, after: AFTER, asOf: 99 },
    ]);
  });

  it('sets no deadline that the caller did not set', async () => {
    const { queries, facets } = setUp(fullPage('a'));
    await facets();
    expect(queries.map((query) => 'deadlineMs' in query || 'signal' in query)).toEqual([false, false]);
  });

  it('adds up the rows that the store reports as read', async () => {
    const { facets } = setUp(
      { ...fullPage('a'), statistics: { scanned: 5_000 } },
      { events: ofSources('b'), statistics: { scanned: 10 } },
    );
    expect((await facets()).statistics?.scanned).toBe(5_010);
  });

  it('ends when the deadline expires between pages', async () => {
    const { queries, facets } = setUp(fullPage('a'), fullPage('b'), fullPage('c'));
    expect(await facets({ deadlineMs: 200 })).toMatchObject({ complete: false, facets: [{ exact: false }] });
    expect(queries.map(({ deadlineMs }) => deadlineMs)).toEqual([200, 100]);
  });

  it('sets a deadline of at least 1 ms', async () => {
    const { queries, facets } = setUp(fullPage('a'), fullPage('b'));
    await facets({ deadlineMs: 100.25 });
    expect(queries.map(({ deadlineMs }) => deadlineMs)).toEqual([100.25, 1]);
  });

  it('ends when the store reports an incomplete page', async () => {
    const { queries, facets } = setUp({ ...fullPage('a'), complete: false });
    expect(await facets()).toMatchObject({ complete: false });
    expect(queries).toHaveLength(1);
  });
});
