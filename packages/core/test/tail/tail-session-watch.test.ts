import { describe, expect, it } from 'vitest';
import { event, settle } from '../support';
import { collect, idOf, setUp, spyOn } from './support';

describe('TailSession', () => {
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
});
