import { describe, expect, it } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import { ApiError } from '../../src/app/api/problem';
import { contextFilter, contextQueries, mergeContext } from '../../src/app/explore/context/context-query';
import { loadFacets } from '../../src/app/explore/facets/load-facets';
import { Results } from '../../src/app/explore/results.svelte';
import { findObstacle } from '../../src/app/explore/states/reasons';
import { DEFAULT_RANGE } from '../../src/app/time/range';
import { clientOf, event, page } from '../support/answers';

describe('the client', () => {
  it('sends lists as repeated parameters and leaves empty ones out', () => {
    const url = clientOf(() => ({})).url('v1/facets', {
      field: ['a', 'b'],
      filter: '',
      since: undefined,
      limit: 5,
    });
    expect(url.href).toBe('http://localhost/v1/facets?field=a&field=b&limit=5');
  });

  it('rejects with the problem of the server', async () => {
    const problem = { code: 'VIGILANT_FILTER_INVALID', detail: 'Wrong.', position: 4, retryable: false };
    const client = clientOf(() => Response.json(problem, { status: 400 }));
    const error = await client.status().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      message: 'Wrong.',
      position: 4,
      status: 400,
      code: 'VIGILANT_FILTER_INVALID',
    });
  });

  it('rejects with a connection error if the server does not answer', async () => {
    const outcomes: boolean[] = [];
    const fetch = (() => Promise.reject(new TypeError('failed'))) as unknown as typeof globalThis.fetch;
    const client = createApiClient({
      base: 'http://localhost/',
      fetch,
      onOutcome: (each) => outcomes.push(each),
    });
    await expect(client.status()).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
    expect(outcomes).toEqual([false]);
  });
});

describe('Results', () => {
  it('requests the counts after the first rows', async () => {
    const asked: string[] = [];
    const client = clientOf((path) => {
      asked.push(path);
      if (path === 'v1/events') return page([event('a')]);
      if (path === 'v1/facets') return { facets: [], complete: true };
      return {
        buckets: [],
        from: '2026-03-04',
        until: '2026-03-05',
        bucketMs: 1,
        exact: true,
        complete: true,
      };
    });
    const results = new Results(client);
    results.search({ filter: '' }, ['level']);
    await expect.poll(() => results.histogram).toBeDefined();
    expect(asked).toEqual(['v1/events', 'v1/histogram', 'v1/facets']);
    expect([results.rows, results.list.length, results.hasMore]).toEqual(['idle', 1, false]);
  });

  it('continues a search that found nothing within its time', async () => {
    let calls = 0;
    const client = clientOf((path) => {
      if (path !== 'v1/events') return { facets: [], buckets: [], complete: true };
      return ++calls < 3 ? page([], 'more') : page([event('late')]);
    });
    const results = new Results(client);
    results.search({ filter: 'rare' }, []);
    await expect.poll(() => results.list.length).toBe(1);
    expect(calls).toBe(3);
  });

  it('ignores the answer of a search that was replaced', async () => {
    const answers = new Map<string, (response: Response) => void>();
    const fetch = ((url: URL) =>
      new Promise((resolve) => {
        const key = `${url.pathname} ${url.searchParams.get('filter')}`;
        answers.set(key, resolve);
      })) as unknown as typeof globalThis.fetch;
    const results = new Results(createApiClient({ base: 'http://localhost/', fetch }));
    results.search({ filter: 'old' }, []);
    results.search({ filter: 'new' }, []);
    answers.get('/v1/events new')?.(Response.json(page([event('new')])));
    await expect.poll(() => results.list.length).toBe(1);
    const old = Response.json(page([event('old')]));
    answers.get('/v1/events old')?.(old);
    // Once the body is read, the rest of the search needs no further turn of the event loop.
    await expect.poll(() => old.bodyUsed).toBe(true);
    await new Promise(setImmediate);
    expect(results.list.at(0)?.id).toBe('new');
    results.cancel();
  });

  it('stops a search that has found nothing yet, and continues it', async () => {
    let calls = 0;
    const client = clientOf((path) => {
      if (path !== 'v1/events') return { facets: [], buckets: [], complete: true };
      calls++;
      return calls === 1
        ? page([], 'a')
        : calls === 2
          ? new Promise(() => {})
          : calls === 3
            ? page([], 'b')
            : page([event('late')]);
    });
    const results = new Results(client);
    results.search({ filter: 'rare' }, []);
    await expect.poll(() => calls).toBe(2);
    expect(results.rows).toBe('loading');
    results.stop();
    expect([results.rows, results.hasMore]).toEqual(['stopped', true]);
    await results.loadMore();
    expect([results.rows, results.list.length]).toEqual(['idle', 1]);
  });

  it('keeps no rows and counts of an earlier search beside an error', async () => {
    let isWrong = false;
    const client = clientOf((path) => {
      if (isWrong) return Response.json({ code: 'VIGILANT_FILTER_INVALID' }, { status: 400 });
      return path === 'v1/events' ? page([event('a')]) : { facets: [], buckets: [], complete: true };
    });
    const results = new Results(client);
    results.search({ filter: '' }, []);
    await expect.poll(() => results.facets).toBeDefined();
    isWrong = true;
    results.search({ filter: 'x:' }, []);
    await expect.poll(() => results.rows).toBe('failed');
    expect([results.list.length, results.histogram]).toEqual([0, undefined]);
  });

  it('forgets that the counts failed once they are loaded', async () => {
    let isDown = true;
    const client = clientOf((path) => {
      if (path === 'v1/events') return page([event('a')]);
      if (isDown) return Response.json({ code: 'VIGILANT_STORE_UNAVAILABLE' }, { status: 503 });
      return { facets: [], buckets: [], complete: true };
    });
    const results = new Results(client);
    results.search({ filter: '' }, []);
    await expect.poll(() => results.countsError).toBeDefined();
    isDown = false;
    await results.refreshCounts();
    expect([results.countsError, results.histogram?.complete]).toEqual([undefined, true]);
  });

  it('keeps what has arrived when the user stops', async () => {
    const client = clientOf((path, parameters) => {
      if (path !== 'v1/events') return { facets: [], buckets: [], complete: true };
      return parameters.has('cursor') ? new Promise(() => {}) : page([event('a')], 'next');
    });
    const results = new Results(client);
    results.search({ filter: '' }, []);
    await expect.poll(() => results.rows).toBe('idle');
    void results.loadMore();
    expect(results.rows).toBe('paging');
    results.stop();
    expect([results.rows, results.list.length]).toEqual(['stopped', 1]);
  });
});

describe('loadFacets', () => {
  it('counts a field without its own selection, and keeps the order of the fields', async () => {
    const asked: string[] = [];
    const client = clientOf((_, parameters) => {
      const fields = parameters.getAll('field');
      asked.push(`${fields.join()} ${parameters.get('filter')}`);
      return { facets: fields.map((field) => ({ field, values: [], exact: true })), complete: true };
    });
    const scope = { filter: 'level:ERROR,WARN source:a x' };
    const facets = await loadFacets(
      client,
      scope,
      ['level', 'source', 'origin'],
      new AbortController().signal,
    );
    expect(facets.map(({ field }) => field)).toEqual(['level', 'source', 'origin']);
    expect(asked.sort()).toEqual([
      'level source:a x',
      'origin level:ERROR,WARN source:a x',
      'source level:ERROR,WARN x',
    ]);
  });
});

describe('the context of an event', () => {
  const anchor = event('anchor', { data: { traceId: 't 1' }, source: 'a"b' });

  it.each([
    ['trace', 'data.traceId:"t 1"'],
    ['source', 'source:"a\\"b" origin:"o"'],
    ['group', 'group:"g"'],
    ['all', ''],
  ] as const)('with the same %s has the filter %s', (same, filter) => {
    expect(contextFilter(anchor, same)).toBe(filter);
  });

  it('includes the event, although the range has milliseconds', () => {
    const { newer, older } = contextQueries(anchor, { width: '10s', same: 'all' }, 5);
    expect([newer.since, older.until]).toEqual(['2026-03-04T05:06:07.000Z', '2026-03-04T05:06:07.001Z']);
    expect([newer.order, older.order]).toEqual(['oldest', 'newest']);
  });

  it('is sorted newest first, also within a millisecond, and contains each event once', () => {
    const at = (id: string, timestamp: string, sequence: number) => event(id, { timestamp, sequence });
    const first = at('a', '2026-03-04T05:06:07.00025Z', 1);
    const second = at('b', '2026-03-04T05:06:07.000251Z', 2);
    const same = at('c', '2026-03-04T05:06:07.00025Z', 3);
    const merged = mergeContext(first, [first, second], [first, same]);
    expect(merged.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });
});

describe('findObstacle', () => {
  const countsOf = (counts: Readonly<Record<string, number>>) => (_: string, parameters: URLSearchParams) => {
    const count = counts[parameters.get('filter') ?? ''];
    if (count === undefined) return Response.json({ code: 'VIGILANT_FILTER_INVALID' }, { status: 400 });
    return { buckets: [{ start: '2026-03-04', counts: { INFO: count } }], exact: true, complete: true };
  };
  const find = (query: string, counts: Readonly<Record<string, number>>) =>
    findObstacle(clientOf(countsOf(counts)), { query, range: DEFAULT_RANGE }, new AbortController().signal);

  it('removes NOT together with the term after it', async () => {
    expect(await find('a AND NOT b', { a: 7, 'NOT b': 2 })).toMatchObject({
      term: 'NOT b',
      query: 'a',
      count: 7,
    });
  });

  it('ignores a term without which the query is not valid', async () => {
    expect(await find('a b', { a: 7 })).toMatchObject({ term: 'b', query: 'a', count: 7 });
  });

  it('finds the term without which most events match', async () => {
    const counts: Readonly<Record<string, number>> = { 'b c': 3, 'a c': 40, 'a b': 0 };
    const client = clientOf((_, parameters) => ({
      buckets: [{ start: '2026-03-04', counts: { INFO: counts[parameters.get('filter') ?? ''] ?? 0 } }],
      exact: true,
      complete: true,
    }));
    const state = { query: 'a b c', range: DEFAULT_RANGE };
    expect(await findObstacle(client, state, new AbortController().signal)).toMatchObject({
      term: 'b',
      query: 'a c',
      count: 40,
    });
  });
});
