import { describe, expect, it } from 'vitest';
import type { Facets, Histogram } from '../../src/contracts/query';
import { HOUR, MINUTE, NOW, OUT_OF_TIME, setUp, setUpRecording } from './support';

describe('Reader', () => {
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
});

describe('Reader and its store', () => {
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
