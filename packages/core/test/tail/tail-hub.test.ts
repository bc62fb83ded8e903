import { describe, expect, it } from 'vitest';
import { encodeTailCursor } from '../../src/query/cursor';
import { event, settle } from '../support';
import type { SetUp } from './support';
import { read, setUp } from './support';

describe('TailHub', () => {
  it('sends an event of the watch once, although the store returns it later', async () => {
    const { clock, store, join, watched } = await setUp();
    const reader = join();
    await settle();
    const one = event();
    watched(one);
    await settle();
    await store.append([one]);
    await clock.advance(2_000);
    expect(await read(reader)).toEqual([one.id]);
  });

  it('sends an event that only the store returns', async () => {
    const { clock, store, join } = await setUp();
    const reader = join();
    await settle();
    const missed = event();
    await store.append([missed]);
    await clock.advance(2_000);
    expect(await read(reader)).toEqual([missed.id]);
  });

  it('sends an event once if the watch delivers it after the store', async () => {
    const { clock, store, join, watched } = await setUp();
    const reader = join();
    await settle();
    const late = event();
    await store.append([late]);
    await clock.advance(2_000);
    watched(late);
    expect(await read(reader)).toEqual([late.id]);
  });

  it('does not send a new reader events accepted before it joined', async () => {
    const { clock, store, join, watched } = await setUp();
    const first = join();
    await settle();
    const before = event();
    watched(before);
    await settle();
    await store.append([before]);
    const second = join();
    await settle();
    const after = event();
    watched(after);
    await settle();
    await clock.advance(4_000);
    expect(await read(second)).toEqual([after.id]);
    expect(await read(first)).toEqual([before.id, after.id]);
  });

  it('sends a resumed reader events that were published but not stored when it joined', async () => {
    const { clock, store, join, watched } = await setUp();
    const other = join(undefined, true);
    await clock.advance(2_000);
    const checkpoint = await other.next();
    const limbo = event();
    watched(limbo);
    await settle();
    const resumed = join(checkpoint?.cursor);
    const items = read(resumed);
    await settle();
    await store.append([limbo]);
    await clock.advance(2_000);
    expect([...(await items), ...(await read(resumed))]).toEqual([limbo.id]);
  });

  it('sends checkpoints to readers that request them', async () => {
    const { clock, store, join } = await setUp();
    const reader = join(undefined, true);
    await settle();
    const batch = [event(), event()];
    await store.append(batch);
    await clock.advance(2_000);
    expect(await read(reader)).toEqual([...batch.map(({ id }) => id), 'checkpoint']);
  });

  it('continues from the store while the watch fails', async () => {
    const { clock, store, join } = await setUp({ isWatchBroken: true });
    const reader = join();
    await settle();
    const only = event();
    await store.append([only]);
    await clock.advance(2_500);
    expect(await read(reader)).toEqual([only.id]);
  });

  it('watches again when a watch ends, without missing an event', async () => {
    const { clock, store, join, watched, watches } = await setUp();
    const reader = join();
    await settle();
    watches[0]?.end();
    const between = event();
    await store.append([between]);
    await clock.advance(2_500);
    const after = event();
    watched(after);
    expect(watches).toHaveLength(2);
    expect(await read(reader)).toEqual([between.id, after.id]);
  });

  it('reports a gap if events after a cursor were pruned', async () => {
    const { store, join } = await setUp();
    const other = join(undefined, true);
    await settle();
    other.leave();
    await store.append([event(), event(), event()]);
    const { epoch } = await store.status();
    await store.prune?.({ maxEvents: 1 });
    const items = await read(join(encodeTailCursor({ epoch, sequence: 1 })));
    expect(items[0]).toBe('gap');
    expect(items).toHaveLength(2);
  });

  it('leaves no timer or watch when the last reader leaves', async () => {
    const { clock, hub, join, watches } = await setUp();
    const readers = [join(), join()];
    await settle();
    for (const reader of readers) reader.leave();
    await settle();
    expect([hub.readers, clock.pendingTimers]).toEqual([0, 0]);
    expect(watches).toHaveLength(1);
  });

  describe('order', () => {
    it('delivers replayed events before events published in the meantime', async () => {
      const { store, hub, join, watched, options } = await setUp();
      join();
      await settle();
      const { epoch } = await store.status();
      const before = event();
      watched(before);
      await settle();
      const live = event();
      options.onSettle = async () => {
        hub.published([live]);
        watched(live);
        await settle();
        await store.append([before, live]);
      };
      const resumed = join(encodeTailCursor({ epoch, sequence: 0 }));
      expect(await read(resumed)).toEqual([before.id, live.id]);
    });

    it('delivers events after earlier ones that the watch has yet to deliver', async () => {
      const { hub, join, watched, options } = await setUp();
      const reader = join();
      await settle();
      const [first, second] = [event(), event()];
      hub.published([first]);
      options.onSettle = () => new Promise(() => {});
      join();
      hub.published([second]);
      watched(first, second);
      expect(await read(reader)).toEqual([first.id, second.id]);
    });

    it('delivers events missed by a failed watch before those of the next one', async () => {
      const { clock, store, join, watched, watches, options } = await setUp();
      const reader = join();
      await settle();
      watches[0]?.end();
      await settle();
      const [missed, next] = [event(), event()];
      options.onSettle = async () => {
        watched(next);
        await settle();
        await store.append([missed, next]);
      };
      await clock.advance(500);
      expect(watches).toHaveLength(2);
      expect(await read(reader)).toEqual([missed.id, next.id]);
    });
  });

  it('reads the store at once after a failed watch, including events not yet stored', async () => {
    const { store, join, watches, options } = await setUp();
    const reader = join();
    await settle();
    const missed = event();
    options.onSettle = () => store.append([missed]);
    watches[0]?.push([event()], Infinity);
    expect(await read(reader)).toEqual([missed.id]);
  });

  it('delivers each event once, although publisher, watch and store supply it', async () => {
    const one = event();
    const bringers = {
      publisher: async ({ hub }: SetUp) => hub.published([one]),
      watch: async ({ watched }: SetUp) => watched(one),
      store: async ({ store, clock }: SetUp) => {
        await store.append([one]);
        await clock.advance(2_000);
      },
    };
    const orders = [
      ['publisher', 'watch', 'store'],
      ['publisher', 'store', 'watch'],
      ['watch', 'publisher', 'store'],
      ['store', 'publisher', 'watch'],
    ] as const;
    for (const order of orders) {
      const parts = await setUp();
      const reader = parts.join();
      await settle();
      for (const bringer of order) {
        await bringers[bringer](parts);
        await settle();
      }
      expect(await read(reader), order.join()).toEqual([one.id]);
    }
  });

  describe('a reader', () => {
    const failing = new Error('no status today');

    it.each([
      ['joins', undefined],
      ['replays', encodeTailCursor({ epoch: 'e', sequence: 0 })],
    ])('has ended after it fails when it %s', async (_, cursor) => {
      const { store, hub, join } = await setUp();
      store.status = () => Promise.reject(failing);
      const reader = join(cursor);
      await expect(reader.next()).rejects.toBe(failing);
      expect([await reader.next(), hub.readers]).toEqual([undefined, 0]);
    });

    it.each([
      ['joins', undefined],
      ['replays', encodeTailCursor({ epoch: 'e', sequence: 0 })],
    ])('fails when broker and store do not open as it %s', async (_, cursor) => {
      const { join, attempts } = await setUp({ onOpen: () => Promise.reject(failing) });
      await expect(join(cursor).next()).rejects.toBe(failing);
      expect(attempts()).toBe(0);
    });

    it('causes no unhandled rejection when it fails before it is read', async () => {
      const { hub, join } = await setUp({ onOpen: () => Promise.reject(failing) });
      const reader = join();
      await settle();
      reader.leave();
      expect(hub.readers).toBe(0);
    });

    it.each([
      ['joins', undefined],
      ['replays', encodeTailCursor({ epoch: 'e', sequence: 0 })],
    ])('ends at once when it leaves while it %s', async (_, cursor) => {
      const { clock, join } = await setUp({ onSettle: () => new Promise(() => {}) });
      const reader = join(cursor);
      const first = cursor === undefined ? undefined : (await reader.next())?.type;
      const pending = reader.next();
      await settle();
      const timers = clock.pendingTimers;
      reader.leave();
      expect([first, await pending]).toEqual([cursor && 'gap', undefined]);
      // One timer kept the process alive, the other was for the next read of the store.
      expect([timers, clock.pendingTimers]).toEqual([2, 0]);
    });

    it('does not start a second watch after a failed start', async () => {
      const { store, join, watches, watched } = await setUp();
      const { status } = store;
      store.status = () => Promise.reject(failing);
      const [lasting, first] = [join(), join()];
      await expect(first.next()).rejects.toBe(failing);
      store.status = status;
      const second = join();
      const next = second.next();
      await settle();
      const live = event();
      watched(live);
      expect(await next).toMatchObject({ event: live });
      expect(watches).toHaveLength(1);
      lasting.leave();
    });
  });
});
