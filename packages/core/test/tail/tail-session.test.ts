import { describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/filter/ast';
import { encodeTailCursor } from '../../src/query/cursor';
import { event, events, settle } from '../support';
import { collect, idOf, idsOf, sequenceOf, setUp, spyOn } from './support';

const never = () => new Promise<never>(() => {});

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
