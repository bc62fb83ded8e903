import assert from 'node:assert/strict';
import { MAX_TIME_MS, encodedSize, fromMicros, totalEncodedSize } from '@vigilant/core/adapter';
import type { Event } from '@vigilant/core';
import { INEXACT_TIMES, sampleEvent, sampleEvents } from '../samples';
import { appendHardEvents } from './append-hard';
import { within } from '../waiting';
import type { StoreCase } from './fixture';
import {
  ORDERS,
  WHOLE,
  assertSameEvent,
  comparePositions,
  positionOf,
  readAll,
  readPage,
  readPages,
} from './read';

/** Times of every magnitude, out of order, some of them equal. */
const MIXED_TIMES = [
  5,
  3,
  3,
  MAX_TIME_MS,
  0,
  -1,
  3,
  -MAX_TIME_MS,
  fromMicros(1),
  fromMicros(-1),
  1.7e12,
  fromMicros(1_700_000_000_000_001),
  5,
  3,
  ...INEXACT_TIMES,
];

/** Queries, apart from filters. */
export const queryCases: readonly StoreCase[] = [
  {
    id: 'store/query/empty',
    behaviour: 'returns an empty page from an empty store',
    async run({ store }) {
      for (const order of ORDERS) {
        const page = await readPage(store, { order });
        assert.deepEqual(page.events, []);
        assert.equal(page.next, undefined);
        assert.equal(page.complete, true);
        assert.equal(page.asOf, 0);
      }
    },
  },
  {
    id: 'store/query/every-field',
    behaviour: 'returns events like get',
    async run({ store }) {
      const events = await appendHardEvents(store);
      const stored = await readAll(store);
      for (const [index, event] of events.entries()) {
        assertSameEvent(stored[index], event);
        assert.deepEqual(stored[index], await store.get(event.id));
      }
    },
  },
  {
    id: 'store/query/order',
    behaviour: 'orders by time and then arrival, or by arrival only',
    async run({ store }) {
      await store.append(MIXED_TIMES.map((timestamp) => sampleEvent({ timestamp })));
      const arrival = await readAll(store, { order: 'arrival' });
      assert.equal(arrival.length, MIXED_TIMES.length);
      for (const order of ORDERS) {
        const expected = [...arrival].sort((a, b) => comparePositions(order, positionOf(a), positionOf(b)));
        assert.deepEqual(await readAll(store, { order }), expected);
      }
    },
  },
  {
    id: 'store/query/after',
    behaviour: 'continues strictly after any position, including one without an event',
    async run({ store }) {
      await store.append(MIXED_TIMES.map((timestamp) => sampleEvent({ timestamp })));
      for (const order of ORDERS) {
        const all = await readAll(store, { order });
        const positions = all.flatMap((event) => {
          const { timestamp, sequence } = positionOf(event);
          const near = [
            { timestamp: timestamp + 1, sequence },
            { timestamp: timestamp - 1, sequence },
          ];
          return [{ timestamp, sequence }, ...near, { timestamp, sequence: sequence + 1_000 }];
        });
        for (const after of positions) {
          const expected = all.filter((event) => comparePositions(order, after, positionOf(event)) < 0);
          assert.deepEqual(await readAll(store, { order, after }), expected);
        }
      }
    },
  },
  {
    id: 'store/query/as-of',
    behaviour: 'omits events after asOf and returns asOf',
    async run({ store }) {
      const before = sampleEvents(10);
      await store.append(before);
      const { asOf } = await readPage(store);
      assert.equal(asOf, (await store.status()).lastSequence);
      await store.append([sampleEvent({ timestamp: 0 }), sampleEvent({ timestamp: 2e12 })]);
      for (const order of ORDERS) {
        const found = await readAll(store, { order, asOf });
        assert.deepEqual(found.map(({ id }) => id).sort(), before.map(({ id }) => id).sort());
        assert.equal((await readAll(store, { order })).length, 12);
      }
      assert.deepEqual(await readAll(store, { asOf: 0 }), []);
    },
  },
  {
    id: 'store/query/epoch',
    behaviour: 'returns the epoch that status returns',
    async run({ store }) {
      await store.append([sampleEvent()]);
      const { epoch } = await store.status();
      assert.ok(epoch.length > 0);
      assert.equal((await readPage(store)).epoch, epoch);
    },
  },
  {
    id: 'store/query/limit',
    behaviour: 'returns at most limit events, and the others on the next pages',
    async run({ store }) {
      await store.append(sampleEvents(50));
      for (const order of ORDERS)
        for (const limit of [1, 7, 49, 50, 51, 10_000])
          assert.equal((await readAll(store, { order, limit })).length, 50);
    },
  },
  {
    id: 'store/query/max-bytes',
    behaviour: 'ends a page with the event that reaches maxBytes, after at least one event',
    async run({ store }) {
      const data = { text: 'z'.repeat(1_000) };
      // Events of one size, so that pages reach exactly `maxBytes`.
      const events = Array.from({ length: 40 }, (_, index) =>
        sampleEvent({ id: `event-${10 + index}`, data }),
      );
      await store.append(events);
      const size = encodedSize(events[0] as Event);
      for (const maxBytes of [1, size - 200, 10 * size]) {
        const pages = await readPages(store, { maxBytes });
        assert.equal(pages.flatMap((page) => page.events).length, 40);
        for (const page of pages) {
          const bytes = totalEncodedSize(page.events.slice(0, -1));
          assert.ok(
            bytes < maxBytes,
            `A page continues after ${bytes} bytes, although maxBytes is ${maxBytes}.`,
          );
        }
        assert.ok((pages[0]?.events.length ?? 0) > 0, 'The first page must contain an event.');
      }
    },
  },
  {
    id: 'store/query/deadline',
    behaviour: 'returns the events found by the deadline and the position to continue from',
    async run({ store, patienceMs }) {
      for (let batch = 0; batch < 4; batch += 1) await store.append(sampleEvents(5_000));
      const filter = { kind: 'contains', text: 'nowhere to be found' } as const;
      const reading = readPages(store, { filter, deadlineMs: 1 });
      const pages = await within(patienceMs, 'pages after deadlines', reading);
      for (const page of pages.slice(0, -1))
        assert.ok(page.next !== undefined, 'A page that is not complete must have next.');
      assert.equal(pages.at(-1)?.complete, true, 'A page without next must be complete.');
      const found = await readAll(store, { deadlineMs: 60_000 });
      assert.equal(found.length, 20_000);
    },
  },
  {
    id: 'store/query/signal',
    behaviour: 'rejects with the reason of an aborted signal, and accepts further queries',
    async run({ store, patienceMs }) {
      await store.append(sampleEvents(5_000));
      const reason = new Error('enough');
      const aborted = store.query({ ...WHOLE, signal: AbortSignal.abort(reason) });
      await assert.rejects(within(patienceMs, 'an aborted query', aborted), (error) => error === reason);
      const controller = new AbortController();
      const filter = { kind: 'contains', text: 'nowhere to be found' } as const;
      const running = store.query({ ...WHOLE, filter, signal: controller.signal });
      setImmediate(() => controller.abort(reason));
      const outcome = await within(
        patienceMs,
        'an aborted query',
        running.catch((error: unknown) => error),
      );
      if (outcome instanceof Error) assert.equal(outcome, reason);
      assert.equal((await readAll(store)).length, 5_000);
    },
  },
];
