import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { Store } from '../../src/contracts/store';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createReader } from '../../src/query/reader';
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

    it('names the option whose field events cannot be counted by', async () => {
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

    it('includes events that are a little ahead', async () => {
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

    it('does not let future events stretch a histogram', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const histogram = await reader.histogram();
      expect(histogram).toMatchObject({ beyond: 1, until: NOW - MINUTE + 0.001, complete: true });
      expect(histogram.bucketMs).toBeLessThan(MINUTE);
    });

    it('leaves out events in the future from facets', async () => {
      const { reader } = await setUp([{ ...ahead, source: 'broken-clock' }, ...recent]);
      const { facets, beyond } = await reader.facets('', { fields: ['source'] });
      expect(facets[0]?.values).toEqual([{ value: '', count: 3 }]);
      expect(beyond).toBe(1);
    });
  });

  it('does not count what lies beyond when the deadline comes first', async () => {
    const { reader } = await setUp([{}], OUT_OF_TIME);
    const answers = await Promise.all([
      reader.query('x', { deadlineMs: 1 }),
      reader.histogram('x', { deadlineMs: 1 }),
      reader.facets('x', { deadlineMs: 1 }),
    ]);
    for (const answer of answers) expect(answer).not.toHaveProperty('beyond');
  });

  it('checks freshMs also where it does not wait', async () => {
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
