import { describe, expect, it } from 'vitest';
import { encodeTailCursor } from '../../src/query/cursor';
import { event, events, settle } from '../support';
import { collect, idOf, idsOf, sequenceOf, setUp, spyOn } from './support';

describe('TailSession', () => {
  describe('replay', () => {
    /** Creates a store of a few events whose first two were pruned. */
    async function setUpPruned() {
      const parts = await setUp();
      const stored = events(5);
      await parts.store.append(stored);
      await parts.store.prune?.({ maxEvents: 3 });
      const { epoch } = await parts.store.status();
      return { ...parts, epoch, stored, from: (sequence: number) => encodeTailCursor({ epoch, sequence }) };
    }

    it.each([
      [1, ['gap', 2, 3, 4]],
      [2, [2, 3, 4]],
      [3, [3, 4]],
      [5, []],
    ] as const)(
      'continues after sequence %d, and reports whether events were pruned',
      async (sequence, shown) => {
        const { join, stored, from } = await setUpPruned();
        const items = collect(join(from(sequence)));
        await settle(20);
        expect(items.map(idOf)).toEqual(shown.map((at) => (at === 'gap' ? at : stored[at]?.id)));
        const [gap] = items.filter(({ type }) => type === 'gap');
        if (gap !== undefined) expect(gap).toMatchObject({ reason: 'pruned', cursor: from(sequence) });
      },
    );

    it('starts again in another store, after a gap', async () => {
      const { join, epoch, watched } = await setUpPruned();
      const items = collect(join(encodeTailCursor({ epoch: 'other', sequence: 1 })));
      await settle(20);
      const live = event();
      watched(live);
      await settle();
      expect(items.map(idOf)).toEqual(['gap', live.id]);
      expect(items[0]).toMatchObject({ reason: 'epoch', cursor: encodeTailCursor({ epoch, sequence: 5 }) });
    });

    it('reads page by page and returns a cursor for each event', async () => {
      const parts = await setUp();
      const stored = events(2_500);
      await parts.store.append(stored);
      const { epoch } = await parts.store.status();
      const queries = spyOn(parts);
      const items = collect(parts.join(encodeTailCursor({ epoch, sequence: 10 })));
      await settle(30);
      expect(items.map(idOf)).toEqual(idsOf(stored.slice(10)));
      expect(items.map(sequenceOf)).toEqual(stored.slice(10).map((_, index) => index + 11));
      expect(queries.map(({ after, asOf }) => [after?.sequence, asOf])).toEqual([
        [10, undefined],
        [1_010, undefined],
        [2_010, undefined],
        [2_500, 2_500],
      ]);
    });

    it('leaves events stored after it to the periodic read', async () => {
      const { clock, store, join, options } = await setUp();
      const { epoch } = await store.status();
      const [within, after] = [event(), event()];
      options.onSettle = () => store.append([within]);
      const items = collect(join(encodeTailCursor({ epoch, sequence: 0 }), true));
      await settle(20);
      expect(items.map(idOf)).toEqual([within.id]);
      await store.append([after]);
      await clock.advance(2_000);
      expect(items.map(idOf)).toEqual([within.id, after.id, 'checkpoint']);
    });

    it('does not make the session read the store for a subscriber that is not subscribed yet', async () => {
      const parts = await setUp();
      await parts.store.append(events(3));
      const { epoch } = await parts.store.status();
      const queries = spyOn(parts);
      await parts.join(encodeTailCursor({ epoch, sequence: 0 })).next();
      await parts.clock.advance(10_000);
      expect(queries).toHaveLength(1);
    });

    it('returns only events that match its filter', async () => {
      const { store, join } = await setUp();
      const [wanted, other] = [event({ message: 'wanted' }), event()];
      await store.append([other, wanted]);
      const { epoch } = await store.status();
      const filter = { kind: 'contains', text: 'wanted' } as const;
      const items = collect(join(encodeTailCursor({ epoch, sequence: 0 }), false, filter));
      await settle(20);
      expect(items.map(idOf)).toEqual([wanted.id]);
    });
  });
});
