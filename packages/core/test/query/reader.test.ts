import { describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { EventQuery, FacetQuery, Facets, Histogram, HistogramQuery } from '../../src/contracts/query';
import type { Store } from '../../src/contracts/store';
import { createMemoryStore } from '../../src/memory/memory-store';
import { decodePageCursor, encodeTailCursor } from '../../src/query/cursor';
import { createReader } from '../../src/query/reader';
import type { VigilantError } from '../../src/util/errors';
import { event } from '../support';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

/** Creates a reader on a memory store with the given events; `change` replaces methods of the store. */
async function setUp(events: readonly Parameters<typeof event>[0][], change: Partial<Store> = {}) {
  const clock = createManualClock(NOW);
  const store = Object.assign(createMemoryStore(), change);
  await store.open({} as never);
  await store.append(events.map((fields) => event(fields)));
  let refreshes = 0;
  const reader = createReader({
    store,
    clock,
    freshMs: 0,
    refresh: async () => {
      refreshes += 1;
      return { complete: true, pending: 0 };
    },
    open: async () => {},
  });
  return { store, clock, reader, refreshes: () => refreshes };
}

/** Returns no event for any query, like a store whose deadline has passed. */
const OUT_OF_TIME: Partial<Store> = {
  query: async () => ({
    events: [],
    next: { timestamp: 0, sequence: 0 },
    complete: false,
    epoch: 'epoch',
    asOf: 1,
  }),
};

describe('Reader', () => {
  describe('options', () => {
    const invalid = { code: 'VIGILANT_QUERY_INVALID' };

    it.each(['query', 'histogram', 'facets'] as const)('rejects unknown options of %s', async (method) => {
      const { reader } = await setUp([]);
      const misspelt = reader[method]('', { sicne: '2h' } as never);
      await expect(misspelt).rejects.toMatchObject({
        ...invalid,
        message: `Unknown option "sicne" of ${method}(). Did you mean "since"?`,
        violations: [{ field: 'sicne', code: 'unknown_option' }],
      });
    });

    it('rejects unknown options of get', async () => {
      const { reader } = await setUp([]);
      await expect(reader.get('a', { fresh: 1 } as never)).rejects.toMatchObject(invalid);
    });

    it('names the order that is not valid', async () => {
      const { reader } = await setUp([]);
      await expect(reader.query('', { order: 'latest' as 'newest' })).rejects.toMatchObject({
        ...invalid,
        message: 'order must be one of newest, oldest, arrival, not "latest".',
        violations: [
          { field: 'order', code: 'unknown_value', reason: 'must be one of newest, oldest, arrival' },
        ],
      });
    });

    it('names the option if events cannot be counted by its field', async () => {
      const { reader } = await setUp([]);
      await expect(reader.histogram('', { by: 'id' })).rejects.toMatchObject({
        ...invalid,
        violations: [{ field: 'by', code: 'unknown_value' }],
      });
      await expect(reader.facets('', { fields: ['level', 'lvel'] })).rejects.toMatchObject({
        ...invalid,
        violations: [{ field: 'fields[1]', code: 'unknown_value' }],
      });
    });

    it.each(['query', 'histogram', 'facets'] as const)(
      'rejects a since later than until in %s',
      async (method) => {
        const { reader } = await setUp([]);
        const turned = reader[method]('', { since: '2024-06-02', until: '2024-01-01' });
        await expect(turned).rejects.toMatchObject({ ...invalid, violations: [{ field: 'since' }] });
        await expect(reader[method]('', { since: 'now', until: '2h' })).rejects.toMatchObject(invalid);
      },
    );

    it('accepts an empty range', async () => {
      const { reader } = await setUp([{}]);
      const page = await reader.query('', { since: '2024-01-01', until: '2024-01-01' });
      expect(page).toMatchObject({ events: [], complete: true });
    });
  });

  describe('default end of the range', () => {
    const ahead = { message: 'ahead', timestamp: NOW + YEAR };
    const recent = [1, 2, 3].map((n) => ({ message: `m${n}`, timestamp: NOW - n * MINUTE }));
    const messages = ({ events }: { readonly events: readonly { readonly message: string }[] }) =>
      events.map(({ message }) => message);

    it('leaves out events in the future and counts them', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const page = await reader.query();
      expect(messages(page)).toEqual(['m1', 'm2', 'm3']);
      expect(page.beyond).toBe(1);
    });

    it('includes events slightly in the future', async () => {
      const { reader } = await setUp([{ message: 'skewed', timestamp: NOW + MINUTE }]);
      expect(await reader.query()).toMatchObject({ events: [{ message: 'skewed' }], beyond: 0 });
    });

    it('applies to a range with only since', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const page = await reader.query('', { since: '150s' });
      expect(messages(page)).toEqual(['m1', 'm2']);
      expect(page.beyond).toBe(1);
    });

    it.each([
      ['until', '', { until: '2100-01-01' }],
      ['an upper bound in the filter', 'timestamp<2100-01-01', {}],
      ['a lower bound in the future', 'timestamp>2023-12-01', {}],
    ])('does not apply to %s', async (_, filter, options) => {
      const { reader } = await setUp([ahead, ...recent]);
      const page = await reader.query(filter, options);
      expect(messages(page)).toContain('ahead');
      expect(page.beyond).toBe(0);
    });

    it('does not apply to the order of arrival', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      expect(messages(await reader.query('', { order: 'arrival' }))).toContain('ahead');
    });

    it('stays the same on later pages', async () => {
      const late = { message: 'late', timestamp: NOW + HOUR };
      const { reader, clock } = await setUp([late, ...recent]);
      const first = await reader.query('', { limit: 1, order: 'oldest' });
      clock.setNow(NOW + 2 * HOUR);
      const rest = await reader.query('', { order: 'oldest', cursor: first.nextCursor as string });
      expect(messages(rest)).toEqual(['m2', 'm1']);
    });

    it('does not extend a histogram to future events', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const histogram = await reader.histogram();
      expect(histogram).toMatchObject({ beyond: 1, until: NOW - MINUTE + 0.001, complete: true });
      expect(histogram.bucketMs).toBeLessThan(MINUTE);
    });

    it('leaves events in the future out of facets', async () => {
      const { reader } = await setUp([{ ...ahead, source: 'broken-clock' }, ...recent]);
      const { facets, beyond } = await reader.facets('', { fields: ['source'] });
      expect(facets[0]?.values).toEqual([{ value: '', count: 3 }]);
      expect(beyond).toBe(1);
    });
  });

  it('does not count later events when the deadline passes first', async () => {
    const { reader } = await setUp([{}], OUT_OF_TIME);
    const answers = await Promise.all([
      reader.query('x', { deadlineMs: 1 }),
      reader.histogram('x', { deadlineMs: 1 }),
      reader.facets('x', { deadlineMs: 1 }),
    ]);
    for (const answer of answers) expect(answer).not.toHaveProperty('beyond');
  });

  it('checks freshMs even if it does not wait', async () => {
    const { reader } = await setUp([{ id: 'a', message: 'm' }, { message: 'm' }]);
    const invalid = { code: 'VIGILANT_QUERY_INVALID' };
    await expect(reader.get('a', { freshMs: -1 })).rejects.toMatchObject(invalid);
    const { nextCursor = '' } = await reader.query('m', { limit: 1 });
    await expect(reader.query('m', { cursor: nextCursor, freshMs: -1 })).rejects.toMatchObject(invalid);
  });

  it('checks deadlineMs before it waits', async () => {
    const { reader, refreshes } = await setUp([]);
    await expect(reader.query('', { deadlineMs: 0 })).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
    });
    expect(refreshes()).toBe(0);
  });

  describe('histogram', () => {
    it('lasts from since until now', async () => {
      const { reader } = await setUp([{ timestamp: NOW - 10 * MINUTE }]);
      const histogram = await reader.histogram('', { since: '1h', buckets: 61 });
      // The first bucket begins at a multiple of its width.
      expect(histogram).toMatchObject({ from: NOW - HOUR - 20_000, until: NOW, bucketMs: MINUTE });
    });

    it('is incomplete when the deadline ends the search for its range', async () => {
      const { reader } = await setUp([{}], OUT_OF_TIME);
      const histogram = await reader.histogram('x', { deadlineMs: 1 });
      expect(histogram).toMatchObject({ buckets: [], exact: false, complete: false });
    });

    it('keeps the most frequent values and sums the others', async () => {
      const sources = ['a', 'a', 'a', 'b', 'b', 'c', 'd'];
      const { reader } = await setUp(sources.map((source) => ({ source, timestamp: NOW })));
      const { buckets, exact } = await reader.histogram('', { by: 'source', limit: 2 });
      expect(buckets).toMatchObject([{ counts: { a: 3, b: 2 }, other: 2 }]);
      expect(exact).toBe(true);
    });

    it('limits the values of a field with a distinct value per event', async () => {
      const unique = Array.from({ length: 2_000 }, (_, n) => ({
        timestamp: NOW - n,
        data: { requestId: `request-${n}` },
      }));
      const { reader } = await setUp(unique);
      const { buckets } = await reader.histogram('', { by: 'data.requestId' });
      const values = new Set(buckets.flatMap(({ counts }) => Object.keys(counts)));
      const counted = buckets.reduce((sum, { other = 0 }) => sum + other, values.size);
      expect([values.size, counted]).toEqual([50, 2_000]);
    });
  });

  describe('facets', () => {
    it('are incomplete at the deadline', async () => {
      const { reader } = await setUp([{}], OUT_OF_TIME);
      const answer = await reader.facets('x', { deadlineMs: 1, fields: ['level'] });
      expect(answer).toMatchObject({ complete: false, facets: [{ exact: false }] });
    });
  });

  it('filters the events of a page marked as superset', async () => {
    const { reader, store } = await setUp([{ message: 'wanted' }, { message: 'other' }]);
    const { query } = store;
    store.query = async ({ filter: _, ...rest }) => ({
      ...(await query.call(store, { filter: { kind: 'all' }, ...rest })),
      superset: true,
    });
    const page = await reader.query('wanted');
    expect(page.events.map(({ message }) => message)).toEqual(['wanted']);
  });
});

describe('Reader and its store', () => {
  const COUNTED = { from: 0, until: 1, complete: true, epoch: 'e', asOf: 1 };

  /** Creates a reader and records the calls of its store, in order. */
  async function setUpRecording(events: readonly Parameters<typeof event>[0][] = []) {
    const queries: EventQuery[] = [];
    const histograms: HistogramQuery[] = [];
    const facets: FacetQuery[] = [];
    const refreshes: [timeoutMs: number, signal: AbortSignal | undefined][] = [];
    const steps: string[] = [];
    const memory = createMemoryStore();
    await memory.open({} as never);
    await memory.append(events.map((fields) => event(fields)));
    const store = Object.assign(Object.create(memory) as Store, {
      get: (id: string) => {
        steps.push('get');
        return memory.get(id);
      },
      query: (query: EventQuery) => {
        steps.push('query');
        queries.push(query);
        return memory.query(query);
      },
      histogram: async (query: HistogramQuery): Promise<Histogram> => {
        histograms.push(query);
        return { ...COUNTED, buckets: [{ start: 2_500, counts: { INFO: 1 } }], exact: true };
      },
      facets: async (query: FacetQuery): Promise<Facets> => {
        facets.push(query);
        const values = [{ value: 'a', count: 1 }];
        return { ...COUNTED, facets: [{ field: { name: 'data', path: ['x'] }, values, exact: true }] };
      },
    });
    const clock = createManualClock(NOW);
    const reader = createReader({
      store,
      clock,
      freshMs: 700,
      refresh: async (timeoutMs, signal) => {
        steps.push('refresh');
        refreshes.push([timeoutMs, signal]);
        return { complete: false, pending: 3 };
      },
      open: async () => void steps.push('open'),
    });
    return { reader, store, memory, clock, queries, histograms, facets, refreshes, steps };
  }

  describe('limits of options', () => {
    it.each([
      ['query', 'limit', 1, 10_000],
      ['query', 'maxBytes', 1, 256 * 1024 * 1024],
      ['query', 'freshMs', 0, 600_000],
      ['query', 'deadlineMs', 1, 600_000],
      ['histogram', 'buckets', 1, 1_000],
      ['histogram', 'limit', 1, 1_000],
      ['histogram', 'freshMs', 0, 600_000],
      ['histogram', 'deadlineMs', 1, 600_000],
      ['facets', 'limit', 1, 1_000],
      ['facets', 'freshMs', 0, 600_000],
      ['facets', 'deadlineMs', 1, 600_000],
    ] as const)('accepts for %s() a %s from %d to %d', async (method, option, min, max) => {
      const { reader } = await setUpRecording();
      for (const value of [min, max])
        await expect(reader[method]('', { [option]: value })).resolves.toBeDefined();
      for (const value of [min - 1, max + 1])
        await expect(reader[method]('', { [option]: value })).rejects.toMatchObject({
          code: 'VIGILANT_QUERY_INVALID',
          message: expect.stringContaining(`${option} must be an integer from ${min} to ${max}`) as string,
        });
    });

    it('accepts from 1 to 20 fields of facets', async () => {
      const { reader } = await setUpRecording();
      const fields = (count: number) => Array.from({ length: count }, (_, n) => `data.f${n}`);
      for (const count of [1, 20])
        await expect(reader.facets('', { fields: fields(count) })).resolves.toBeDefined();
      for (const count of [0, 21])
        await expect(reader.facets('', { fields: fields(count) })).rejects.toMatchObject({
          code: 'VIGILANT_QUERY_INVALID',
          message: expect.stringMatching(/^fields must be .* 1 to 20/) as string,
        });
    });

    it('rejects an unknown order', async () => {
      const { reader } = await setUpRecording();
      await expect(reader.query('', { order: 'random' as never })).rejects.toMatchObject({
        code: 'VIGILANT_QUERY_INVALID',
        message: expect.stringMatching(/^order must be .*newest, oldest/) as string,
      });
    });

    it.each(['newest', 'oldest', 'arrival'] as const)('accepts the order %s', async (order) => {
      const { reader, queries } = await setUpRecording();
      await reader.query('', { order });
      expect(queries[0]?.order).toBe(order);
    });
  });

  describe('get()', () => {
    it('returns a stored event without waiting', async () => {
      const { reader, steps } = await setUpRecording([{ id: 'a' }]);
      expect(await reader.get('a')).toMatchObject({ id: 'a' });
      expect(steps).toEqual(['open', 'get']);
    });

    it('reads again after it has waited for accepted events', async () => {
      const { reader, steps, refreshes } = await setUpRecording();
      const { signal } = new AbortController();
      expect(await reader.get('a', { freshMs: 5, signal })).toBeUndefined();
      expect(steps).toEqual(['open', 'get', 'refresh', 'get']);
      expect(refreshes).toEqual([[5, signal]]);
    });

    it.each([
      [{ deadlineMs: 300 }, 300],
      [{}, 10_000],
    ])('rejects if the store has not answered, with the options %j after %i ms', async (options, ms) => {
      const { reader, store, clock } = await setUpRecording();
      const get = vi.fn(() => new Promise<never>(() => {}));
      store.get = get;
      const code = reader.get('a', options).catch((error: VigilantError) => error.code);
      await expect.poll(() => get).toHaveBeenCalled();
      await clock.advance(ms - 1);
      expect(await Promise.race([code, 'pending'])).toBe('pending');
      await clock.advance(1);
      expect(await code).toBe('VIGILANT_STORE_UNAVAILABLE');
    });
  });

  describe('query()', () => {
    it('queries the newest 100 events up to 8 MiB within 10 s', async () => {
      const { reader, queries, refreshes, steps } = await setUpRecording();
      await reader.query();
      const query = { order: 'newest', limit: 100, maxBytes: 8 * 1024 * 1024, deadlineMs: 10_000 };
      expect(queries[0]).toStrictEqual({ ...query, filter: queries[0]?.filter });
      expect(refreshes).toEqual([[700, undefined]]);
      expect(steps.slice(0, 3)).toEqual(['open', 'refresh', 'query']);
    });

    it('passes the options of the caller on', async () => {
      const { reader, queries, refreshes } = await setUpRecording();
      const { signal } = new AbortController();
      await reader.query('', {
        limit: 7,
        maxBytes: 900,
        deadlineMs: 50,
        freshMs: 5,
        order: 'oldest',
        signal,
      });
      const query = { order: 'oldest', limit: 7, maxBytes: 900, deadlineMs: 50, signal };
      expect(queries[0]).toStrictEqual({ ...query, filter: queries[0]?.filter });
      expect(refreshes).toEqual([[5, signal]]);
    });

    it('returns a page and the position of a tail', async () => {
      const { reader, memory } = await setUpRecording([{ id: 'a' }]);
      const { epoch } = await memory.status();
      expect(await reader.query()).toStrictEqual({
        events: [expect.objectContaining({ id: 'a' }) as never],
        tailCursor: encodeTailCursor({ epoch, sequence: 1 }),
        complete: true,
        beyond: 0,
        freshness: { complete: false, pending: 3 },
        statistics: { scanned: 1, elapsedMs: expect.any(Number) as never },
      });
    });

    it('counts up to 100 events beyond the default end, up to 1 MiB', async () => {
      const future = { timestamp: NOW + YEAR };
      for (const count of [99, 100, 101]) {
        const { reader, queries } = await setUpRecording(Array.from({ length: count }, () => future));
        expect((await reader.query('', { order: 'oldest' })).beyond).toBe(Math.min(count, 100));
        const query = { order: 'newest', limit: 100, maxBytes: 1024 * 1024, deadlineMs: 10_000 };
        expect(queries[1]).toStrictEqual({ ...query, filter: queries[1]?.filter });
      }
    });

    it('continues after its cursor as of the first page, without waiting', async () => {
      const { reader, memory, clock, queries, refreshes } = await setUpRecording([{}, {}]);
      const { epoch } = await memory.status();
      const { nextCursor = '' } = await reader.query('hello', { limit: 1 });
      const after = { timestamp: NOW * 1_000, sequence: 2 };
      expect(decodePageCursor(nextCursor)).toMatchObject({
        epoch,
        order: 'newest',
        now: NOW,
        asOf: 2,
        after,
      });
      await memory.append([event({ timestamp: NOW - 1 })]);
      clock.setNow(NOW + 1);
      queries.length = 0;
      const page = await reader.query('hello', { cursor: nextCursor });
      expect(page).toMatchObject({ events: [{ sequence: 1 }], freshness: { complete: true } });
      expect(page).not.toHaveProperty('nextCursor');
      expect(queries[0]).toMatchObject({ after, asOf: 2 });
      expect(refreshes).toHaveLength(1);
    });

    it.each([
      ['filter', 'other', {}],
      ['range', 'hello', { since: '2h' }],
      ['order', 'hello', { order: 'oldest' }],
    ] as const)('rejects a cursor of another %s', async (_, filter, options) => {
      const { reader } = await setUpRecording([{}, {}]);
      const { nextCursor = '' } = await reader.query('hello', { limit: 1 });
      await expect(reader.query(filter, { ...options, cursor: nextCursor })).rejects.toMatchObject({
        code: 'VIGILANT_CURSOR_INVALID',
        message: expect.stringContaining('another filter, range or order') as string,
      });
    });

    it('rejects a cursor of another store', async () => {
      const [first, second] = [await setUpRecording([{}, {}]), await setUpRecording([{}, {}])];
      const { nextCursor } = await first.reader.query('', { limit: 1 });
      await expect(second.reader.query('', { cursor: nextCursor as string })).rejects.toMatchObject({
        code: 'VIGILANT_CURSOR_INVALID',
        message: expect.stringContaining('belongs to another store') as string,
      });
    });
  });

  describe('histogram()', () => {
    const until = new Date(NOW);
    const sinceMinutes = (minutes: number) => ({ since: new Date(NOW - minutes * MINUTE), until });

    it.each([
      [50, MINUTE],
      [59, MINUTE],
      [60, 2 * MINUTE],
    ])('uses at most 60 buckets: for %d minutes and a part of one, %d ms wide', async (minutes, widthMs) => {
      // The range begins 20 s after a whole minute.
      const { reader, histograms } = await setUpRecording();
      await reader.histogram('', sinceMinutes(minutes));
      expect(histograms[0]?.bucketMicros).toBe(widthMs * 1_000);
    });

    it('counts at most 50 levels within 10 s', async () => {
      const { reader, histograms, refreshes } = await setUpRecording();
      await reader.histogram('', sinceMinutes(10));
      expect(histograms[0]).toMatchObject({ by: { name: 'level' }, limit: 50, deadlineMs: 10_000 });
      expect(histograms[0]).not.toHaveProperty('signal');
      expect(refreshes).toEqual([[700, undefined]]);
    });

    it('passes the options of the caller on', async () => {
      const { reader, histograms, refreshes } = await setUpRecording();
      const { signal } = new AbortController();
      const options = { by: 'source', limit: 7, buckets: 2, deadlineMs: 50, freshMs: 5, signal };
      await reader.histogram('', { ...sinceMinutes(60), ...options });
      const query = { by: { name: 'source' }, limit: 7, bucketMicros: HOUR * 1_000, deadlineMs: 50, signal };
      expect(histograms[0]).toMatchObject(query);
      expect(refreshes).toEqual([[5, signal]]);
    });

    it('returns times in milliseconds, and only the statistics that the store returns', async () => {
      const { reader, store } = await setUpRecording();
      const range = { since: new Date(NOW - 5 * MINUTE), until, buckets: 6 };
      const expected = {
        buckets: [{ start: 2.5, counts: { INFO: 1 } }],
        from: NOW - 5 * MINUTE - 20_000,
        until: NOW,
        bucketMs: MINUTE,
        exact: true,
        complete: true,
        beyond: 0,
        freshness: { complete: false, pending: 3 },
      };
      expect(await reader.histogram('', range)).toStrictEqual(expected);
      const { histogram } = store;
      store.histogram = async (query) => ({
        ...((await histogram?.(query)) as Histogram),
        statistics: { scanned: 9 },
      });
      expect(await reader.histogram('', range)).toStrictEqual({ ...expected, statistics: { scanned: 9 } });
    });

    it('is empty when no event matches', async () => {
      const { reader, histograms } = await setUpRecording();
      expect(await reader.histogram('unheard')).toStrictEqual({
        buckets: [],
        from: 0,
        until: 0,
        bucketMs: 0,
        exact: true,
        complete: true,
        beyond: 0,
        freshness: { complete: false, pending: 3 },
      });
      expect(histograms).toEqual([]);
    });
  });

  describe('facets()', () => {
    it('counts ten values of six fields within 10 s', async () => {
      const { reader, facets, refreshes } = await setUpRecording();
      await reader.facets();
      const fields = ['level', 'origin', 'source', 'type', 'group', 'tags'].map((name) => ({ name }));
      expect(facets[0]).toStrictEqual({ filter: facets[0]?.filter, fields, limit: 10, deadlineMs: 10_000 });
      expect(refreshes).toEqual([[700, undefined]]);
    });

    it('passes the options of the caller on', async () => {
      const { reader, facets, refreshes } = await setUpRecording();
      const { signal } = new AbortController();
      await reader.facets('', { fields: ['source'], limit: 7, deadlineMs: 50, freshMs: 5, signal });
      const query = { fields: [{ name: 'source' }], limit: 7, deadlineMs: 50, signal };
      expect(facets[0]).toStrictEqual({ filter: facets[0]?.filter, ...query });
      expect(refreshes).toEqual([[5, signal]]);
    });

    it('returns the names of fields, and only the statistics that the store returns', async () => {
      const { reader, store } = await setUpRecording();
      const expected = {
        facets: [{ field: 'data.x', values: [{ value: 'a', count: 1 }], exact: true }],
        complete: true,
        beyond: 0,
        freshness: { complete: false, pending: 3 },
      };
      expect(await reader.facets()).toStrictEqual(expected);
      const { facets } = store;
      store.facets = async (query) => ({
        ...((await facets?.(query)) as Facets),
        statistics: { scanned: 9 },
      });
      expect(await reader.facets()).toStrictEqual({ ...expected, statistics: { scanned: 9 } });
    });
  });
});
