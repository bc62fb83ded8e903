import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventPage, EventQuery } from '../../src/contracts/query';
import type { Event } from '../../src/event/event';
import { MATCH_ALL } from '../../src/filter/ast';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createBudget } from '../../src/query/budget';
import type { BoundedQuery } from '../../src/query/bounded-page';
import { findBoundedPage } from '../../src/query/bounded-page';
import { addDefaultEnd } from '../../src/query/time-range';
import { encodedSize } from '../../src/event/codec';
import { createManualClock } from '../../src/util/clock';
import { event, events } from '../support';

const NOW = 1_700_000_000_000;
const YEAR = 365 * 24 * 3_600_000;
const later = (count: number): Event[] => events(count, { timestamp: NOW + YEAR, message: 'later' });
const recent = (count: number): Event[] => events(count, { message: 'recent' });
const messages = ({ events: found }: EventPage): string[] => found.map(({ message }) => message);

/** Creates a store of some events and records its queries; `find` requests a page from it. */
async function setUp(stored: readonly Event[]) {
  const store = createMemoryStore();
  await store.open({} as never);
  await store.append(stored);
  const queries: EventQuery[] = [];
  const { query } = store;
  store.query = (request) => {
    queries.push(request);
    return query.call(store, request);
  };
  const clock = createManualClock(NOW);
  const budget = createBudget(clock, 10_000, undefined);
  const find = (rest: Partial<BoundedQuery['rest']> = {}) =>
    findBoundedPage({
      store,
      clock,
      budget,
      requested: MATCH_ALL,
      bounded: addDefaultEnd(MATCH_ALL, NOW),
      rest: { order: 'newest', limit: 3, maxBytes: 1_000_000, ...rest },
    });
  return { store, queries, find };
}

describe('findBoundedPage', () => {
  it.each([0, 2, 3, 4])(
    'sends one request if none of %d events lies beyond the default end',
    async (count) => {
      const { find, queries } = await setUp(recent(count));
      const { page, beyond } = await find();
      expect(messages(page)).toEqual(Array(Math.min(3, count)).fill('recent'));
      expect([beyond, queries.length]).toEqual([{ beyond: 0 }, 1]);
    },
  );

  it('fills the page in place of later events, with one more request', async () => {
    const { find, queries } = await setUp([...later(2), ...recent(5)]);
    const { page, beyond } = await find();
    expect(page).toMatchObject({ next: { sequence: 5 }, complete: true, statistics: { scanned: 5 } });
    expect(page.events.map(({ sequence }) => sequence)).toEqual([7, 6, 5]);
    expect([beyond, queries.length]).toEqual([{ beyond: 2 }, 2]);
    expect(queries[1]).toMatchObject({ limit: 2, asOf: 7, after: { sequence: 7 } });
  });

  it('counts later events separately if they fill the page', async () => {
    const { find } = await setUp([...later(5), ...recent(2)]);
    const { page, beyond } = await find();
    expect(messages(page)).toEqual(['recent', 'recent']);
    expect(page).not.toHaveProperty('next');
    expect(beyond).toEqual({ beyond: 5 });
  });

  it.each([100, 101])('counts %d later events as 100', async (count) => {
    const { find } = await setUp([...later(count), ...recent(1)]);
    expect((await find({ limit: 200 })).beyond).toEqual({ beyond: 100 });
  });

  it('observes maxBytes when it fills the page', async () => {
    const { find, queries } = await setUp([...later(1), ...recent(3)]);
    await find({ maxBytes: 5_000, limit: 2 });
    expect(queries[1]?.maxBytes).toBe(5_000 - encodedSize(recent(1)[0] as Event));
  });

  it('returns the events found by the deadline, and continues after them', async () => {
    const { find, store, queries } = await setUp([...later(1), ...recent(3)]);
    const { query } = store;
    store.query = async (request) => ({ ...(await query.call(store, request)), complete: false });
    const { page, beyond } = await find({ limit: 2 });
    expect(page).toMatchObject({ events: [{ message: 'recent' }], complete: false, next: { sequence: 4 } });
    expect([beyond, queries.length]).toEqual([{ beyond: 1 }, 1]);
  });

  it('does not count later events if the deadline passes before all of them are found', async () => {
    const { find, store } = await setUp([]);
    store.query = async () => ({ events: [], complete: false, epoch: 'epoch', asOf: 1 });
    expect((await find()).beyond).toEqual({});
  });

  it('agrees with separate requests for page and count', async () => {
    const times = fc.array(fc.constantFrom(NOW, NOW + 300_000, NOW + 299_999, NOW + YEAR), { maxLength: 12 });
    const property = fc.asyncProperty(times, fc.integer({ min: 1, max: 12 }), async (timestamps, limit) => {
      const { find, store } = await setUp(timestamps.map((timestamp) => event({ timestamp })));
      const { filter, beyond } = addDefaultEnd(MATCH_ALL, NOW);
      const query = { order: 'newest', limit, maxBytes: 1_000_000 } as const;
      const expected = await store.query({ ...query, filter });
      const count = await store.query({ ...query, limit: 100, filter: beyond ?? MATCH_ALL });
      const found = await find({ limit });
      expect(found.page.events).toEqual(expected.events);
      expect(found.beyond).toEqual({ beyond: count.events.length });
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
