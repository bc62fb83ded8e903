import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMatcher, fromMicros } from '@vigilant/core/adapter';
import type { Filter, StoredEvent } from '@vigilant/core';
import { filters, micros } from '../arbitraries';
import { checkProperty } from '../property';
import { BASE_MS, sampleEvent, sampleEvents } from '../samples';
import type { StoreCase } from './fixture';
import { ORDERS, comparePositions, positionOf, readAll, readPages } from './read';

/** Reading pages. */
export const pagingCases: readonly StoreCase[] = [
  {
    id: 'store/paging/stable',
    behaviour: 'neither repeats nor skips an event when events are appended between pages',
    async run({ store }) {
      const all: string[] = [];
      const append = async (count: number, timestamp: number): Promise<void> => {
        const batch = sampleEvents(count, { timestamp });
        await store.append(batch);
        all.push(...batch.map(({ id }) => id));
      };
      for (const timestamp of [BASE_MS, BASE_MS - 1, BASE_MS, BASE_MS + 1]) await append(10, timestamp);
      for (const order of ORDERS) {
        const expected = [...all].sort();
        const pages = await readPages(store, { order, limit: 7 }, async () => {
          await append(1, BASE_MS - 5);
          await append(1, BASE_MS);
          await append(1, BASE_MS + 5);
        });
        const found = pages.flatMap((page) => page.events).map(({ id }) => id);
        assert.deepEqual(found.sort(), expected);
        assert.equal(new Set(pages.map(({ asOf }) => asOf)).size, 1);
      }
    },
  },
  {
    id: 'store/paging/pruned-position',
    behaviour: 'continues after a position whose event was pruned',
    needs: ['prune'],
    async run({ store }) {
      await store.append(sampleEvents(30, { receivedAt: 1_000 }));
      await store.append(sampleEvents(30));
      let isPruned = false;
      const pages = await readPages(store, { order: 'arrival', limit: 10 }, async () => {
        if (!isPruned) await store.prune?.({ receivedBefore: 2_000 });
        isPruned = true;
      });
      const ids = pages.flatMap((page) => page.events).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(ids.length, 40, 'The first page and the events that pruning kept must be returned.');
    },
  },
  {
    id: 'store/paging/property',
    behaviour: 'returns the same events in several pages as in one, for any times, filter, order and limit',
    async run({ store, runs, seed }) {
      let run = 0;
      const inputs = fc.record({
        times: fc.array(micros, { minLength: 1, maxLength: 12 }),
        filter: fc.oneof({ weight: 2, arbitrary: fc.constant<Filter>({ kind: 'all' }) }, filters),
        order: fc.constantFrom(...ORDERS),
        limit: fc.integer({ min: 1, max: 5 }),
        hidden: fc.integer({ min: 0, max: 3 }),
      });
      await checkProperty(
        { runs: runs / 2, seed },
        inputs,
        async ({ times, filter, order, limit, hidden }) => {
          run += 1;
          const group = `run-${run}`;
          const own: Filter = { kind: 'text', field: 'group', operator: 'equals', value: group };
          await store.append(times.map((time) => sampleEvent({ group, timestamp: fromMicros(time) })));
          const stored = await readAll(store, { filter: own });
          const asOf = stored[Math.max(0, stored.length - 1 - hidden)]?.sequence ?? 0;
          const whole: Filter = { kind: 'and', filters: [own, filter] };
          const found: StoredEvent[] = [];
          for (const page of await readPages(store, { filter: whole, order, limit, asOf }))
            found.push(...page.events.filter(createMatcher(whole)));
          const expected = stored
            .filter((event) => event.sequence <= asOf && createMatcher(filter)(event))
            .sort((a, b) => comparePositions(order, positionOf(a), positionOf(b)));
          assert.deepEqual(found, expected);
        },
      );
    },
  },
];
