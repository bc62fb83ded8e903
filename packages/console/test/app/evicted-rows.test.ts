import { describe, expect, it } from 'vitest';
import type { ApiClient, EventsQuery } from '../../src/app/api/client';
import type { ApiEvent, EventsPage } from '../../src/app/api/types';
import { Results } from '../../src/app/explore/results.svelte';
import type { Row } from '../../src/app/explore/rows/event-list';

const MAX_ROWS = 4;
const START_MS = Date.parse('2026-03-04T10:31:00Z');

/** Returns the event of a number. Higher numbers are newer. */
const event = (number: number): ApiEvent =>
  ({ id: `${number}`, timestamp: new Date(START_MS + number).toISOString() }) as ApiEvent;
const row = (number: number): Row => ({ kind: 'event', id: `${number}`, event: event(number) });

/** Searches with pages of numbers, and records the queries. */
async function search(scope: { readonly until?: string }, ...pages: readonly (readonly number[])[]) {
  const queries: EventsQuery[] = [];
  const client = {
    events: async (query: EventsQuery): Promise<EventsPage> => {
      const number = queries.push(query);
      return {
        events: (pages[number - 1] ?? []).map(event),
        ...(number < pages.length ? { nextCursor: `page ${number + 1}` } : {}),
        tailCursor: '',
        complete: true,
        freshness: { complete: true },
      };
    },
    histogram: () => new Promise(() => {}),
    facets: () => new Promise(() => {}),
  } as unknown as ApiClient;
  const results = new Results(client, MAX_ROWS);
  results.search({ filter: 'level:INFO', ...scope }, []);
  await new Promise(setImmediate);
  const ids = () => results.list.slice(0, MAX_ROWS).map(({ id }) => Number(id));
  return { results, queries, ids };
}

describe('Results with a full list', () => {
  it('loads older rows in place of the newest ones', async () => {
    const { results, ids } = await search({}, [9, 8, 7], [6, 5]);
    await results.loadMore();
    expect(ids()).toEqual([8, 7, 6, 5]);
    expect(results.list.evictedNewer).toBe(1);
    expect(results.hasMore).toBe(false);
  });

  it('loads rows again that newer ones evicted', async () => {
    const { results, queries, ids } = await search({}, [4, 3, 2, 1], [2, 1]);
    results.list.prepend([row(6), row(5)]);
    expect(ids()).toEqual([6, 5, 4, 3]);
    await results.loadMore();
    expect(queries[1]).toMatchObject({ filter: 'level:INFO', until: event(3).timestamp, cursor: undefined });
    expect(ids()).toEqual([4, 3, 2, 1]);
  });

  it('skips pages whose rows are in the list already', async () => {
    const { results, queries, ids } = await search({}, [2, 1], [2], [], [1, 0]);
    results.list.prepend([row(9), row(8), row(7)]);
    expect(ids()).toEqual([9, 8, 7, 2]);
    await results.loadMore();
    expect(queries.slice(1).map(({ cursor }) => cursor)).toEqual([undefined, 'page 3', 'page 4']);
    expect(ids()).toEqual([7, 2, 1, 0]);
  });

  it('stays within the range of the search when it loads rows again', async () => {
    // The evicted event is less than a millisecond before the end of the range.
    const until = event(1).timestamp;
    const { results, queries } = await search({ until }, [4, 3, 2, 1], []);
    results.list.prepend([row(5)]);
    await results.loadMore();
    expect(queries[1]).toMatchObject({ until });
  });

  it('keeps its rows when those that were evicted cannot be loaded', async () => {
    const { results, queries, ids } = await search({}, [4, 3, 2, 1], []);
    results.list.prepend([row(5)]);
    queries.push = () => {
      throw new Error('The server cannot be reached.');
    };
    await results.loadMore();
    expect(results.rows).toBe('failed');
    expect(ids()).toEqual([5, 4, 3, 2]);
  });
});
