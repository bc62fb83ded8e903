import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Event } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { sampleEvent, sampleEvents } from '../samples';
import { checkProperty } from '../property';
import type { StoreCase } from './fixture';
import { assertSameEvent, readAll } from './read';

/** Creates an event that cannot be read, as if memory ran out in the middle of a batch. */
function unreadable(): Event {
  return Object.defineProperty(sampleEvent(), 'data', {
    enumerable: true,
    get() {
      throw new Error('This event cannot be read.');
    },
  });
}

/** Appending batches: atomic, idempotent and in order. */
export const appendCases: readonly StoreCase[] = [
  {
    id: 'store/append/empty',
    behaviour: 'accepts an empty batch',
    async run({ store }) {
      assert.deepEqual(await store.append([]), { inserted: 0, duplicates: 0, conflicts: [] });
      assert.equal((await store.status()).lastSequence, 0);
    },
  },
  {
    id: 'store/append/sizes',
    behaviour: 'accepts batches of one and of five thousand events',
    async run({ store }) {
      const batch = sampleEvents(5_000);
      assert.deepEqual(await store.append([sampleEvent()]), { inserted: 1, duplicates: 0, conflicts: [] });
      assert.deepEqual(await store.append(batch), { inserted: 5_000, duplicates: 0, conflicts: [] });
      const stored = await readAll(store);
      assert.deepEqual(
        stored.slice(1).map(({ id }) => id),
        batch.map(({ id }) => id),
      );
      assertSameEvent(stored.at(-1), batch.at(-1) as Event);
    },
  },
  {
    id: 'store/append/encoded',
    behaviour: 'appends encoded events as it appends the same events',
    needs: ['appendEncoded'],
    async run({ store }) {
      const [first, second, third] = sampleEvents(3) as [Event, Event, Event];
      const appendEncoded = async (events: readonly Event[]) => store.appendEncoded?.(encodeAll(events));
      assert.deepEqual(await appendEncoded([]), { inserted: 0, duplicates: 0, conflicts: [] });
      assert.deepEqual(await appendEncoded([first, second]), { inserted: 2, duplicates: 0, conflicts: [] });
      const changed = { ...second, message: 'another message' };
      assert.deepEqual(await appendEncoded([first, changed, third]), {
        inserted: 1,
        duplicates: 1,
        conflicts: [1],
      });
      const stored = await readAll(store);
      assert.equal(stored.length, 3);
      for (const [index, event] of [first, second, third].entries()) assertSameEvent(stored[index], event);
    },
  },
  {
    id: 'store/append/replay-is-idempotent',
    behaviour: 'accepts a repeated batch without duplicates',
    async run({ store }) {
      const batch = sampleEvents(300);
      await store.append(batch);
      const before = await readAll(store);
      assert.deepEqual(await store.append(batch), { inserted: 0, duplicates: 300, conflicts: [] });
      const overlapping = [...batch.slice(150), ...sampleEvents(50)];
      assert.deepEqual(await store.append(overlapping), { inserted: 50, duplicates: 150, conflicts: [] });
      assert.deepEqual((await readAll(store)).slice(0, 300), before);
      assert.equal((await store.status()).events, 350);
    },
  },
  {
    id: 'store/append/same-content',
    behaviour: 'counts a resent event with later or earlier times, or another order of keys, as a duplicate',
    async run({ store }) {
      const first = sampleEvent({ data: { a: 1, b: { c: 2, d: [3] } } });
      await store.append([first]);
      const resend = { ...first, timestamp: first.timestamp + 5, receivedAt: first.receivedAt + 9 };
      assert.deepEqual(await store.append([resend]), { inserted: 0, duplicates: 1, conflicts: [] });
      const earlier = { ...first, timestamp: first.timestamp - 5, receivedAt: first.receivedAt - 9 };
      assert.deepEqual(await store.append([earlier]), { inserted: 0, duplicates: 1, conflicts: [] });
      const reordered = { ...first, data: { b: { d: [3], c: 2 }, a: 1 } };
      assert.deepEqual(await store.append([reordered]), { inserted: 0, duplicates: 1, conflicts: [] });
      assertSameEvent(await store.get(first.id), first);
    },
  },
  {
    id: 'store/append/conflict',
    behaviour: 'keeps the first content of an id and reports different content as a conflict',
    async run({ store }) {
      const first = sampleEvent({ tags: ['a', 'b'], data: { n: 1 } });
      await store.append([first]);
      const others: readonly Event[] = [
        { ...first, message: 'other' },
        { ...first, level: 'ERROR' },
        { ...first, severity: 7 },
        { ...first, origin: 'other' },
        { ...first, source: 'other' },
        { ...first, type: 'other' },
        { ...first, group: 'other' },
        { ...first, tags: ['b', 'a'] },
        { ...first, data: { n: '1' } },
      ];
      for (const other of others) {
        const batch = [sampleEvent(), first, other, sampleEvent()];
        assert.deepEqual(await store.append(batch), { inserted: 2, duplicates: 1, conflicts: [2] });
        assertSameEvent(await store.get(first.id), first);
      }
      assertSameEvent((await readAll(store))[0], first);
    },
  },
  {
    id: 'store/append/duplicate-in-batch',
    behaviour: 'treats an id repeated within a batch like one repeated in another batch',
    async run({ store }) {
      const first = sampleEvent();
      const other = { ...first, message: 'other' };
      const batch = [first, sampleEvent(), first, other, sampleEvent(), other];
      assert.deepEqual(await store.append(batch), { inserted: 3, duplicates: 1, conflicts: [3, 5] });
      assertSameEvent(await store.get(first.id), first);
      assert.equal((await readAll(store)).length, 3);
    },
  },
  {
    id: 'store/append/atomic',
    behaviour: 'stores nothing of a failed batch and accepts further batches',
    async run({ store }) {
      const batch = sampleEvents(30);
      await assert.rejects(
        async () => store.append([...batch.slice(0, 15), unreadable(), ...batch.slice(15)]),
        'A batch with an unreadable event must be rejected.',
      );
      assert.equal((await readAll(store)).length, 0, 'A part of a failed batch was stored.');
      assert.equal((await store.status()).events, 0);
      assert.equal(await store.get((batch[0] as Event).id), undefined);
      assert.deepEqual(await store.append(batch), { inserted: 30, duplicates: 0, conflicts: [] });
    },
  },
  {
    id: 'store/append/sequence',
    behaviour: 'assigns increasing sequences in order of arrival, regardless of timestamps',
    async run({ store }) {
      const falling = sampleEvents(50).reverse();
      const equal = sampleEvents(50, { timestamp: 0 });
      const ids: string[] = [];
      for (const batch of [falling, equal, [...falling, sampleEvent()], sampleEvents(3)]) {
        await store.append(batch);
        ids.push(...batch.map(({ id }) => id).filter((id) => !ids.includes(id)));
      }
      const stored = await readAll(store, { order: 'arrival' });
      assert.deepEqual(
        stored.map(({ id }) => id),
        ids,
      );
      assert.equal((await store.status()).lastSequence, stored.at(-1)?.sequence);
    },
  },
  {
    id: 'store/append/sequence-after-prune',
    behaviour: 'does not reuse the sequence of a pruned event',
    needs: ['prune'],
    async run({ store }) {
      await store.append(sampleEvents(10, { receivedAt: 1_000 }));
      const { lastSequence } = await store.status();
      await store.prune?.({ receivedBefore: 2_000 });
      await store.append([sampleEvent()]);
      const [stored] = await readAll(store);
      assert.ok(stored !== undefined && stored.sequence > lastSequence, 'A sequence was reused.');
    },
  },
  {
    id: 'store/append/sequence-after-reopen',
    behaviour: 'does not reuse sequences after it is reopened, including that of a pruned event',
    needs: ['durable', 'prune'],
    async run({ store, reopen }) {
      await store.append(sampleEvents(10, { receivedAt: 1_000 }));
      const { lastSequence } = await store.status();
      await store.prune?.({ receivedBefore: 2_000 });
      const again = await reopen();
      await again.append([sampleEvent()]);
      const [stored] = await readAll(again);
      assert.ok(stored !== undefined && stored.sequence > lastSequence, 'A sequence was reused.');
    },
  },
  {
    id: 'store/append/idempotency-property',
    behaviour: 'stores the first content of each id, regardless of the batches',
    async run({ store, runs, seed }) {
      let run = 0;
      const drawn = fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'A'),
        message: fc.constantFrom('one', 'two'),
        timestamp: fc.constantFrom(0, 1),
      });
      const batches = fc.array(fc.array(drawn, { maxLength: 6 }), { maxLength: 4 });
      await checkProperty({ runs: runs / 2, seed }, batches, async (input) => {
        run += 1;
        const first = new Map<string, Event>();
        for (const fields of input) {
          const batch = fields.map((event) => sampleEvent({ ...event, id: `${run}-${event.id}` }));
          const expected = { inserted: 0, duplicates: 0, conflicts: [] as number[] };
          batch.forEach((event, index) => {
            const known = first.get(event.id);
            if (known === undefined) expected.inserted += 1;
            else if (known.message === event.message) expected.duplicates += 1;
            else expected.conflicts.push(index);
            first.set(event.id, known ?? event);
          });
          assert.deepEqual(await store.append(batch), expected);
        }
        for (const [id, event] of first) assertSameEvent(await store.get(id), event);
      });
    },
  },
];
