import { describe, expect, it } from 'vitest';
import type { EventQuery } from '../../src/contracts/query';
import { MATCH_ALL } from '../../src/filter/ast';
import { decodeTailCursor, encodeTailCursor } from '../../src/query/cursor';
import type { TailItem } from '../../src/contracts/vigilant';
import { event, events, settle } from '../support';
import type { SetUp } from './support';
import { collect, setUp } from './support';

const idOf = (item: TailItem): string => (item.type === 'event' ? item.event.id : item.type);
const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
const sequenceOf = ({ cursor }: TailItem): number => decodeTailCursor(cursor).sequence;
const never = () => new Promise<never>(() => {});

/** Records the queries of a store. */
function spyOn({ store }: SetUp): EventQuery[] {
  const queries: EventQuery[] = [];
  const { query } = store;
  store.query = (request) => {
    queries.push(request);
    return query.call(store, request);
  };
  return queries;
}

describe('TailSession', () => {
  it('reads with a signal on which many adapters may listen without a warning', async () => {
    const context = await setUp();
    await context.store.append(events(1));
    const queries = spyOn(context);
    collect(context.join(encodeTailCursor({ epoch: (await context.store.status()).epoch, sequence: 0 })));
    await settle();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    for (let count = 0; count < 20; count++) queries[0]?.signal?.addEventListener('abort', () => {});
    await settle();
    process.off('warning', onWarning);
    expect(queries[0]?.signal).toBeDefined();
    expect(warnings).toEqual([]);
  });

  describe('start', () => {
    it('keeps events published before the position of the store is known', async () => {
      const { hub, join, watched, options } = await setUp();
      let opened = (): void => {};
      const opening = new Promise<void>((resolve) => (opened = resolve));
      options.onOpen = () => opening;
      const items = collect(join());
      const [own, other] = [event(), event()];
      hub.published([own]);
      opened();
      await settle(1);
      watched(own, other);
      await settle();
      expect(items.map(idOf)).toEqual(idsOf([own, other]));
    });

    it('sends new events while earlier ones are being stored', async () => {
      const { hub, join, watched, options } = await setUp();
      options.onSettle = never;
      const items = collect(join());
      await settle();
      const [own, other] = [event(), event()];
      hub.published([own]);
      watched(other);
      await settle();
      expect(items.map(idOf)).toEqual(idsOf([own, other]));
    });

    it('sends new events to a further tail while an earlier one waits for the store', async () => {
      const { hub, join, options } = await setUp();
      options.onSettle = never;
      collect(join());
      await settle();
      const items = collect(join());
      await settle();
      const published = event();
      hub.published([published]);
      await settle();
      expect(items.map(idOf)).toEqual([published.id]);
    });

    it('delivers to a further tail the events that were stored before a failed watch ran again', async () => {
      const { clock, store, join, watches, options } = await setUp();
      collect(join());
      await settle(20);
      options.isWatchBroken = true;
      watches[0]?.end();
      await settle(20);
      let stored = (): void => {};
      options.onSettle = () => new Promise<void>((resolve) => (stored = resolve));
      collect(join());
      const items = collect(join());
      await settle();
      const missed = event();
      await store.append([missed]);
      options.isWatchBroken = false;
      await clock.advance(500);
      options.onSettle = () => {};
      stored();
      await settle(20);
      await clock.advance(4_000);
      expect(items.map(idOf)).toEqual([missed.id]);
    });

    it('counts events that it cannot keep as a gap', async () => {
      const { hub, join, options } = await setUp();
      let opened = (): void => {};
      const opening = new Promise<void>((resolve) => (opened = resolve));
      options.onOpen = () => opening;
      const items = collect(join());
      const kept = 16;
      const large = events(kept + 1, { message: 'x'.repeat(1024 * 1024) });
      hub.published(large.slice(0, 3));
      hub.published(large.slice(3));
      opened();
      await settle();
      expect(items).toHaveLength(kept + 1);
      expect(items.slice(0, -1).map(idOf)).toEqual(idsOf(large.slice(0, kept)));
      expect(items.at(-1)).toMatchObject({ type: 'gap', reason: 'slow', missed: 1 });
      hub.published([large[0]!]);
      const after = event();
      hub.published([after]);
      await settle();
      expect(items.slice(kept + 1).map(idOf)).toEqual([after.id]);
    });

    it('leaves out events stored before, even if they were stored while it was starting', async () => {
      const { clock, store, join, watched, options } = await setUp();
      options.onSettle = () => store.append(events(3));
      await store.append(events(2));
      const items = collect(join(undefined, true));
      await settle();
      const live = event();
      watched(live);
      await clock.advance(2_000);
      expect(items.map(idOf)).toEqual([live.id, 'checkpoint']);
      expect(items.map(sequenceOf)).toEqual([5, 5]);
    });

    it('delivers events stored in the meantime when no watch could deliver them', async () => {
      const { clock, store, join, options } = await setUp({ isWatchBroken: true });
      const missed = event();
      options.onSettle = () => store.append([missed]);
      const items = collect(join());
      await clock.advance(2_000);
      expect(items.map(idOf)).toEqual([missed.id]);
    });

    it('delivers events stored in the meantime when the watch failed', async () => {
      const { clock, store, join, watches, options } = await setUp();
      const missed = event();
      options.onSettle = async () => {
        options.onSettle = () => {};
        watches[0]?.end();
        await settle();
        await store.append([missed]);
      };
      const items = collect(join());
      await settle(20);
      expect(items.map(idOf)).toEqual([missed.id]);
      await clock.advance(4_000);
      expect(items).toHaveLength(1);
    });

    it('survives a watch that ends before the position of the store is known', async () => {
      const { store, join, watches, diagnostics } = await setUp();
      const { status } = store;
      store.status = async () => {
        watches[0]?.end();
        await settle();
        return status.call(store);
      };
      join();
      await settle(20);
      expect([watches.length, diagnostics]).toEqual([1, []]);
    });

    it('does not watch before it is open', async () => {
      const { join, options, attempts } = await setUp();
      options.onOpen = never;
      join();
      await settle();
      expect(attempts()).toBe(0);
    });
  });

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

  describe('watch', () => {
    it('is retried every half second, and its failure is reported', async () => {
      const { clock, join, attempts, diagnostics, options, watched } = await setUp({ isWatchBroken: true });
      const items = collect(join());
      await settle();
      const counts: number[] = [];
      for (const ms of [499, 1, 500]) {
        await clock.advance(ms);
        counts.push(attempts());
      }
      expect(counts).toEqual([1, 2, 3]);
      expect(diagnostics).toEqual(Array(3).fill('warn tail watch-failed'));
      options.isWatchBroken = false;
      await clock.advance(500);
      const live = event();
      watched(live);
      await settle();
      expect(items.map(idOf)).toEqual([live.id]);
    });

    it('does not read the store at once when it could not start', async () => {
      const parts = await setUp({ isWatchBroken: true });
      const queries = spyOn(parts);
      collect(parts.join());
      await parts.clock.advance(1_999);
      expect(queries).toEqual([]);
    });

    it('does not delay events of this process while it fails', async () => {
      const { hub, join } = await setUp({ isWatchBroken: true });
      const items = collect(join());
      await settle();
      const own = event();
      hub.published([own]);
      await settle();
      expect(items.map(idOf)).toEqual([own.id]);
    });

    it('is read even if the store cannot be read, which is reported', async () => {
      const { clock, store, join, watched, watches, diagnostics } = await setUp();
      const items = collect(join());
      await settle();
      store.query = () => Promise.reject(new Error('away'));
      watches[0]?.end();
      await clock.advance(500);
      const live = event();
      watched(live);
      await settle();
      expect(items.map(idOf)).toEqual([live.id]);
      expect(diagnostics).toEqual(Array(2).fill('warn tail store-read-failed'));
    });
  });

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

  describe('close', () => {
    it('leaves no timer, reports nothing and does not watch again', async () => {
      const { clock, hub, join, attempts, diagnostics } = await setUp();
      const items = collect(join());
      await settle();
      await hub.close();
      await clock.advance(10_000);
      expect([clock.pendingTimers, attempts(), diagnostics, items]).toEqual([0, 1, [], []]);
    });

    it('waits for the current read of the store', async () => {
      const { clock, store, hub, join } = await setUp();
      collect(join());
      await settle();
      let answer = (): void => {};
      const { query } = store;
      store.query = async (request) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return query.call(store, { ...request, filter: MATCH_ALL });
      };
      await clock.advance(2_000);
      let isClosed = false;
      const closing = hub.close().then(() => (isClosed = true));
      await settle();
      expect(isClosed).toBe(false);
      answer();
      await closing;
      expect(clock.pendingTimers).toBe(0);
    });
  });
});
