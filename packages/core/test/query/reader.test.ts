import { describe, expect, it, vi } from 'vitest';
import { decodePageCursor, encodeTailCursor } from '../../src/query/cursor';
import type { VigilantError } from '../../src/util/errors';
import { event } from '../support';
import { NOW, setUp, setUpRecording, YEAR } from './support';

describe('Reader', () => {
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
});
