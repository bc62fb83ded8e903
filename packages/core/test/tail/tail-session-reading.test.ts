import { describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/filter/ast';
import { decodeTailCursor, encodeTailCursor } from '../../src/query/cursor';
import { event, events, settle } from '../support';
import { collect, idOf, idsOf, sequenceOf, setUp, spyOn } from './support';

describe('TailSession', () => {
  describe('reading of the store', () => {
    it('happens every two seconds', async () => {
      const parts = await setUp();
      const queries = spyOn(parts);
      collect(parts.join());
      await settle();
      const counts: number[] = [];
      for (const ms of [1_999, 1, 1_999, 1]) {
        await parts.clock.advance(ms);
        counts.push(queries.length);
      }
      expect(counts).toEqual([0, 1, 1, 2]);
    });

    it('continues page by page to its end', async () => {
      const parts = await setUp();
      const queries = spyOn(parts);
      const items = collect(parts.join(undefined, true));
      await settle();
      const missed = events(2_500);
      await parts.store.append(missed);
      await parts.clock.advance(2_000);
      expect(items.map(idOf)).toEqual([...idsOf(missed), 'checkpoint']);
      expect(items.slice(0, -1).map(sequenceOf)).toEqual(missed.map((_, index) => index + 1));
      expect(queries.map(({ after }) => after?.sequence)).toEqual([0, 1_000, 2_000]);
      await parts.clock.advance(2_000);
      expect(queries.at(-1)?.after?.sequence).toBe(2_500);
    });

    it('skips events that match no filter of its readers', async () => {
      const parts = await setUp();
      const queries = spyOn(parts);
      const filters = Array.from(
        { length: 16 },
        (_, n) => ({ kind: 'contains', text: `word ${n}` }) as const,
      );
      for (const filter of filters) collect(parts.join(undefined, false, filter));
      await settle();
      await parts.clock.advance(2_000);
      expect(queries.at(-1)?.filter).toEqual({ kind: 'or', filters });
      collect(parts.join());
      await settle();
      await parts.clock.advance(2_000);
      expect(queries.at(-1)?.filter).toEqual(MATCH_ALL);
    });

    it('removes readers that have left, even before they were subscribed', async () => {
      const parts = await setUp();
      const { epoch } = await parts.store.status();
      const [lasting, live, replaying] = ['a', 'b', 'c'].map((text) => ({ kind: 'contains', text }) as const);
      collect(parts.join(undefined, false, lasting));
      const first = parts.join(undefined, false, live);
      await settle();
      let answer = (): void => {};
      const asked = new Promise<void>((resolve) => (answer = resolve));
      const { query } = parts.store;
      parts.store.query = (request) => asked.then(() => query.call(parts.store, request));
      const second = parts.join(encodeTailCursor({ epoch, sequence: 0 }), false, replaying);
      void second.next();
      await settle();
      for (const reader of [first, second]) reader.leave();
      answer();
      await settle(20);
      const queries = spyOn(parts);
      await parts.clock.advance(2_000);
      expect(queries.map(({ filter }) => filter)).toEqual([{ kind: 'or', filters: [lasting] }]);
    });

    it('is retried after a failure, which is reported', async () => {
      const { clock, store, join, diagnostics } = await setUp();
      const items = collect(join());
      await settle();
      const { query } = store;
      store.query = () => Promise.reject(new Error('away'));
      const missed = event();
      await store.append([missed]);
      await clock.advance(2_000);
      expect([items, diagnostics]).toEqual([[], ['warn tail store-read-failed']]);
      store.query = query;
      await clock.advance(2_000);
      expect(items.map(idOf)).toEqual([missed.id]);
    });

    it('reports a new epoch of the store and continues in it', async () => {
      const { clock, store, join } = await setUp();
      const items = collect(join());
      await settle();
      const { query } = store;
      store.query = async (request) => ({ ...(await query.call(store, request)), epoch: 'other' });
      await store.append(events(3));
      await clock.advance(2_000);
      const after = event();
      await store.append([after]);
      await clock.advance(2_000);
      expect(items.map(idOf)).toEqual(['gap', after.id]);
      expect(items[0]).toMatchObject({ reason: 'epoch' });
      expect(items.map(({ cursor }) => decodeTailCursor(cursor))).toEqual([
        { epoch: 'other', sequence: 3 },
        { epoch: 'other', sequence: 4 },
      ]);
    });
  });
});
