import { describe, expect, it } from 'vitest';
import { queryLines } from '../../src/adapter/index';
import { timeRangeOf } from '../../src/filter/time-range-of';
import type { EventLines, EventQuery, Store, Vigilant } from '../../src/index';
import { createManualClock, createMemoryStore, createVigilant } from '../../src/index';

const PAGE: EventLines = {
  chunks: [Buffer.from('{"id":"a"}\n')],
  count: 1,
  next: { timestamp: 7, sequence: 3 },
  complete: true,
  epoch: 'epoch',
  asOf: 5,
};

/** Creates an engine on a store that answers each query for lines with a page; `null` means that it cannot decide the filter. */
function setUp(change: Partial<EventLines> | null = {}, page = PAGE) {
  const asked: EventQuery[] = [];
  const stored: number[] = [];
  const memory = createMemoryStore();
  const store: Store = Object.assign(memory, {
    queryLines: async (query: EventQuery) => {
      asked.push(query);
      stored.push((await memory.status()).events);
      return change === null ? undefined : { ...page, ...change };
    },
  });
  const vigilant = createVigilant({ store, clock: createManualClock(1_700_000_000_000) });
  return { vigilant, asked, stored };
}

describe('queryLines', () => {
  it('returns the lines of the store', async () => {
    const { vigilant } = setUp();
    const page = await queryLines(vigilant, '', {});
    expect(page).toMatchObject({ chunks: PAGE.chunks, count: 1, complete: true });
    await vigilant.close();
  });

  it('does not bypass a function that wraps query', async () => {
    const { vigilant } = setUp();
    const query = new Proxy(vigilant.query, { apply: () => Promise.reject(new Error('forbidden')) });
    expect(await queryLines({ query }, '', {})).toBeUndefined();
    await vigilant.close();
  });

  it('requests the events that query would return', async () => {
    const { vigilant, asked } = setUp();
    await queryLines(vigilant, 'source:shop', { limit: 7, maxBytes: 70, order: 'oldest' });
    expect(asked).toMatchObject([{ limit: 7, maxBytes: 70, order: 'oldest' }]);
    const { filter } = asked[0] as EventQuery;
    expect(JSON.stringify(filter)).toContain('shop');
    expect(timeRangeOf(filter).until).toBe((1_700_000_000_000 + 5 * 60_000) * 1_000);
    await vigilant.close();
  });

  it('continues at its cursor', async () => {
    const { vigilant, asked } = setUp();
    const { nextCursor: cursor } = (await queryLines(vigilant, '', {})) ?? {};
    await queryLines(vigilant, '', { cursor });
    expect(asked[1]).toMatchObject({ after: PAGE.next, asOf: PAGE.asOf });
    await vigilant.close();
  });

  it('rejects the cursor of another query', async () => {
    const { vigilant } = setUp();
    const { nextCursor: cursor } = (await queryLines(vigilant, '', {})) ?? {};
    await expect(queryLines(vigilant, '', { cursor, order: 'oldest' })).rejects.toMatchObject({
      code: 'VIGILANT_CURSOR_INVALID',
    });
    await vigilant.close();
  });

  it('has no cursor after the last page', async () => {
    const { next: _, ...last } = PAGE;
    const { vigilant } = setUp({}, last);
    expect(await queryLines(vigilant, '', {})).not.toHaveProperty('nextCursor');
    await vigilant.close();
  });

  it('rejects a cursor of another store', async () => {
    const other = setUp({ epoch: 'other' });
    const { nextCursor: cursor } = (await queryLines(other.vigilant, '', {})) ?? {};
    await other.vigilant.close();
    const { vigilant } = setUp();
    await expect(queryLines(vigilant, '', { cursor })).rejects.toMatchObject({
      code: 'VIGILANT_CURSOR_INVALID',
    });
    await vigilant.close();
  });

  it('waits until the accepted events are stored', async () => {
    const { vigilant, stored } = setUp();
    await vigilant.log({ message: 'accepted' });
    await queryLines(vigilant, '', {});
    expect(stored).toEqual([1]);
    await vigilant.close();
  });

  it('rejects invalid options as query does', async () => {
    const { vigilant } = setUp();
    await expect(queryLines(vigilant, '', { limit: 0 })).rejects.toMatchObject({
      violations: [{ field: 'limit' }],
    });
    await vigilant.close();
  });

  it('returns undefined if the store does not return lines', async () => {
    const vigilant = createVigilant();
    expect(await queryLines(vigilant, '', {})).toBeUndefined();
    await vigilant.close();
  });

  it('returns undefined if the store cannot decide the filter', async () => {
    const { vigilant, asked } = setUp(null);
    expect(await queryLines(vigilant, '', {})).toBeUndefined();
    expect(asked).toHaveLength(1);
    await vigilant.close();
  });

  it('returns undefined if the application has replaced query', async () => {
    const { vigilant, asked } = setUp();
    const query: Vigilant['query'] = (filter, options) => vigilant.query(filter, options);
    expect(await queryLines({ ...vigilant, query }, '', {})).toBeUndefined();
    expect(asked).toEqual([]);
    await vigilant.close();
  });
});
