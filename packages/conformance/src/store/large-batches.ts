import assert from 'node:assert/strict';
import type { Event, EventOrder, Store } from '@vigilant/core';
import { toMicros } from '@vigilant/core/adapter';
import { BASE_MS, sampleEvents } from '../samples';
import type { StoreCase } from './fixture';
import { ORDERS, comparePositions, readAll } from './read';

/** Enough events for a store to write them differently from a small batch. */
const MANY = 1_100;

/** Appends two large batches and a small one. Returns all events. */
async function appendMany(store: Store, timestampOf: (index: number) => number): Promise<readonly Event[]> {
  const events = sampleEvents(2 * MANY + 10).map((event, index) => ({
    ...event,
    id: idOf(index),
    timestamp: timestampOf(index),
  }));
  await store.append(events.slice(0, MANY));
  await store.append(events.slice(MANY, 2 * MANY));
  await store.append(events.slice(2 * MANY));
  return events;
}

/** Ids of each kind: UUIDs of version 7 near and far from the time of arrival, UUIDs of version 4, integers, texts. */
function idOf(index: number): string {
  const tail = index.toString(16).padStart(12, '0');
  const uuid7 = (time: number): string => {
    const text = time.toString(16).padStart(12, '0');
    return `${text.slice(0, 8)}-${text.slice(8)}-7000-8000-${tail}`;
  };
  const kinds = [
    uuid7(BASE_MS),
    uuid7(BASE_MS - 3_600_000),
    `01234567-89ab-4000-8000-${tail}`,
    String(index),
  ];
  return kinds[index % 5] ?? `text ${index}`.replace(' ', '-');
}

/** Fails unless the store returns the first `count` events, by default all, in an order. */
async function expectOrder(
  store: Store,
  events: readonly Event[],
  order: EventOrder,
  count?: number,
): Promise<void> {
  const expected = events
    .slice(0, count)
    .map(({ id, timestamp }, index) => ({ id, timestamp: toMicros(timestamp), sequence: index }))
    .sort((a, b) => comparePositions(order, a, b))
    .map(({ id }) => id);
  const asOf = count === undefined ? undefined : (await readAll(store))[count - 1]?.sequence;
  const found = await readAll(store, {
    order,
    limit: 700,
    ...(asOf === undefined ? {} : { asOf }),
  });
  assert.deepEqual(
    found.map(({ id }) => id),
    expected,
  );
}

/** Batches of more than a thousand events, which a store may keep in a different form from single events. */
export const largeBatchCases: readonly StoreCase[] = [
  {
    id: 'store/large/equal-times',
    behaviour: 'orders equal timestamps by arrival across large batches and small ones',
    async run({ store }) {
      const events = await appendMany(store, () => BASE_MS);
      for (const order of ORDERS) await expectOrder(store, events, order);
    },
  },
  {
    id: 'store/large/late-events',
    behaviour: 'orders large batches whose timestamps overlap',
    async run({ store }) {
      const events = await appendMany(store, (index) => BASE_MS + ((index * 7_919) % 1_009));
      for (const order of ORDERS) await expectOrder(store, events, order);
    },
  },
  {
    id: 'store/large/as-of',
    behaviour: 'reads up to any sequence within a large batch',
    async run({ store }) {
      const events = await appendMany(store, (index) => BASE_MS + (index % 50));
      for (const order of ORDERS) await expectOrder(store, events, order, MANY + 345);
    },
  },
  {
    id: 'store/large/duplicates',
    behaviour: 'recognises each kind of id in a large batch, however long ago it was stored',
    async run({ store }) {
      const events = await appendMany(store, (index) => BASE_MS + index);
      const again = events.map((event) => ({ ...event, receivedAt: BASE_MS + 86_400_000 }));
      const [first, ...others] = again as [Event, ...Event[]];
      const batch = [{ ...first, message: 'another message' }, ...others];
      const duplicates = others.length;
      assert.deepEqual(await store.append(batch), { inserted: 0, duplicates, conflicts: [0] });
      const added = sampleEvents(MANY);
      const mixed = [...added, ...others.slice(0, 20)];
      assert.deepEqual(await store.append(mixed), { inserted: MANY, duplicates: 20, conflicts: [] });
      assert.equal((await store.status()).events, events.length + MANY);
    },
  },
  {
    id: 'store/large/prune',
    behaviour: 'keeps exactly maxEvents when the boundary is within a large batch',
    needs: ['prune'],
    async run({ store }) {
      const events = await appendMany(store, (index) => BASE_MS + index);
      for (const maxEvents of [MANY + 500, 300]) {
        await store.prune?.({ maxEvents });
        const left = events.slice(-maxEvents);
        assert.deepEqual(
          (await readAll(store)).map(({ id }) => id),
          left.map(({ id }) => id),
        );
        assert.equal((await store.get(left[0]?.id ?? ''))?.id, left[0]?.id);
        assert.equal(await store.get(events.at(-maxEvents - 1)?.id ?? ''), undefined);
      }
    },
  },
];
