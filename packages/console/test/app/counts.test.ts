import { describe, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../src/app/api/client';
import { Results } from '../../src/app/explore/results.svelte';
import { clientOf, event, page } from '../support/answers';
import { settle } from '../support/settle';

const COMPLETE = { buckets: [], bucketMs: 1, exact: true, complete: true };
const FIRST = { ...COMPLETE, buckets: [{ start: '2026-03-04', counts: { INFO: 1 } }], complete: false };

/** Creates a client whose requests for histograms have these answers, and records their deadlines. */
function clientOfCounts(answers: unknown[]): { client: ApiClient; deadlines: (string | null)[] } {
  const deadlines: (string | null)[] = [];
  const client = clientOf((path, parameters) => {
    if (path === 'v1/events') return page([event('a')]);
    if (path !== 'v1/histogram') return { facets: [], complete: true };
    deadlines.push(parameters.get('deadlineMs'));
    return answers.shift();
  });
  return { client, deadlines };
}

describe('the counts of a search', () => {
  it('shows the counts of the first 100 ms until all events are counted', async () => {
    let answerAll = (_: unknown): void => {};
    const all = new Promise((resolve) => (answerAll = resolve));
    const { client, deadlines } = clientOfCounts([FIRST, all, COMPLETE]);
    const results = new Results(client);
    results.search({ filter: 'frequent' }, []);
    await expect.poll(() => deadlines).toEqual(['100', '5000']);
    expect([results.histogram?.complete, results.isCounting]).toEqual([false, true]);
    answerAll(COMPLETE);
    await expect.poll(() => results.isCounting).toBe(false);
    expect(results.histogram?.complete).toBe(true);
  });

  it('keeps complete counts until complete ones replace them', async () => {
    const { client, deadlines } = clientOfCounts([COMPLETE, COMPLETE]);
    const results = new Results(client);
    results.search({ filter: 'frequent' }, []);
    await expect.poll(() => results.isCounting).toBe(false);
    await results.refreshCounts();
    expect(deadlines).toEqual(['100', '5000']);
  });

  it('counts all events if the first counts cannot be loaded', async () => {
    const { client, deadlines } = clientOfCounts([
      Response.json({ code: 'UNAVAILABLE' }, { status: 503 }),
      COMPLETE,
    ]);
    const results = new Results(client);
    results.search({ filter: 'frequent' }, []);
    await expect.poll(() => results.isCounting).toBe(false);
    expect(deadlines).toEqual(['100', '5000']);
    expect([results.histogram?.complete, results.countsError]).toEqual([true, undefined]);
  });

  it('shows no first counts whose range is not known', async () => {
    const { client, deadlines } = clientOfCounts([{ ...COMPLETE, complete: false }, new Promise(() => {})]);
    const results = new Results(client);
    results.search({ filter: 'frequent' }, []);
    await expect.poll(() => deadlines).toEqual(['100', '5000']);
    expect(results.histogram).toBeUndefined();
    results.cancel();
  });

  it('ignores counts that were requested before the newest ones', async () => {
    const counts: ((body: unknown) => void)[] = [];
    const fetch = (async (url: URL) => {
      if (url.pathname === '/v1/events') return Response.json(page([event('a')]));
      if (url.pathname === '/v1/facets') return Response.json({ facets: [], complete: true });
      return new Promise((resolve) => counts.push((body) => resolve(Response.json(body))));
    }) as unknown as typeof globalThis.fetch;
    const results = new Results(createApiClient({ base: 'http://localhost/', fetch }));
    results.search({ filter: '' }, []);
    await expect.poll(() => counts).toHaveLength(1);
    const newest = results.refreshCounts();
    counts[1]?.({ buckets: [], bucketMs: 2, complete: true });
    await newest;
    counts[0]?.({ buckets: [], bucketMs: 1, complete: true });
    await settle();
    expect([results.histogram?.bucketMs, results.isCounting]).toEqual([2, false]);
  });
});
