import assert from 'node:assert/strict';
import type { Event, EventPage, Store } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import { within } from '../waiting';
import type { StoreCase } from './fixture';
import { ORDERS, readAll, readPage } from './read';

/** Appends batches one after another. Its failure is reported only to a caller that waits for it. */
function appendEach(store: Store, batches: readonly (readonly Event[])[]): Promise<void> {
  const appending = (async () => {
    for (const batch of batches) await store.append(batch);
  })();
  appending.catch(() => {});
  return appending;
}

/** Appends batches with two writers at once. */
function appendWithTwo(
  first: Store,
  second: Store,
  batches: readonly (readonly Event[])[],
): Promise<unknown> {
  const middle = batches.length / 2;
  return Promise.all([
    appendEach(first, batches.slice(middle)),
    appendEach(second, batches.slice(0, middle)),
  ]);
}

/** Repeats a step until the writers have finished. */
async function repeatWhile(writing: Promise<unknown>, step: () => Promise<void>): Promise<void> {
  let isWriting = true;
  const end = (): void => void (isWriting = false);
  writing.then(end, end);
  while (isWriting) {
    await step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
}

/**
 * Reads in order of arrival after the last sequence, as a tail does, until the writers have finished and no event
 * follows. Returns the ids.
 */
async function follow(store: Store, writing: Promise<unknown>): Promise<readonly string[]> {
  const ids: string[] = [];
  let isWriting = true;
  const end = (): void => void (isWriting = false);
  writing.then(end, end);
  for (let sequence = 0; ;) {
    const wasWriting = isWriting;
    const { events } = await readPage(store, { order: 'arrival', after: { timestamp: 0, sequence } });
    ids.push(...events.map(({ id }) => id));
    sequence = events.at(-1)?.sequence ?? sequence;
    if (!wasWriting && events.length === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  return ids;
}

/** Concurrent operations, in one process and in several. */
export const concurrencyCases: readonly StoreCase[] = [
  {
    id: 'store/append/at-once',
    behaviour: 'accepts many concurrent batches, each as a whole and each id once',
    async run({ store }) {
      const shared = sampleEvents(20);
      const batches = Array.from({ length: 20 }, () => [...sampleEvents(20), ...shared]);
      const results = await Promise.all(batches.map((batch) => store.append(batch)));
      assert.equal(sum(results.map(({ inserted }) => inserted)), 420);
      assert.equal(sum(results.map(({ duplicates }) => duplicates)), 380);
      const ids = (await readAll(store)).map(({ id }) => id);
      assert.equal(new Set(ids).size, 420);
      assert.equal(ids.length, 420);
    },
  },
  {
    id: 'store/append/visible-in-order',
    behaviour: 'makes sequences visible in order during concurrent appends',
    async run({ store, patienceMs }) {
      const batches = Array.from({ length: 40 }, () => sampleEvents(5));
      const writing = appendWithTwo(store, store, batches);
      const seen = await within(patienceMs, 'a concurrent reader', follow(store, writing));
      assert.deepEqual([...seen].sort(), idsOf(batches.flat()));
    },
  },
  {
    id: 'store/append/visible-whole',
    behaviour: 'never returns a part of a batch',
    async run({ store }) {
      const batches = Array.from({ length: 10 }, () => sampleEvents(500));
      await repeatWhile(appendEach(store, batches), async () => {
        const { events } = await readPage(store);
        assert.equal(events.length % 500, 0, 'A part of a batch is visible.');
      });
    },
  },
  {
    id: 'store/append/large-visible-whole',
    behaviour: 'never returns or counts a part of a batch of five thousand events',
    async run({ store }) {
      const batches = [sampleEvents(5_000), sampleEvents(5_000)];
      await repeatWhile(appendEach(store, batches), async () => {
        const { events } = await readPage(store);
        assert.equal(events.length % 5_000, 0, `${events.length} of 10,000 events are visible.`);
        const counted = (await store.status()).events;
        assert.equal(counted % 5_000, 0, `The status counts ${counted} of 10,000 events.`);
      });
    },
  },
  {
    id: 'store/query/as-of-while-writing',
    behaviour: 'returns on a first page every event up to its own asOf while events are appended',
    async run({ store }) {
      const batches = Array.from({ length: 60 }, () => sampleEvents(20));
      const writing = appendWithTwo(store, store, batches);
      const pages: EventPage[] = [];
      await repeatWhile(writing, async () => {
        for (const order of ORDERS) pages.push(await readPage(store, { order }));
      });
      const stored = await readAll(store);
      for (const { asOf, events } of pages) {
        const expected = stored.filter(({ sequence }) => sequence <= asOf).length;
        assert.equal(
          events.length,
          expected,
          `A page with asOf ${asOf} has ${events.length} events, but ${expected} have a sequence up to it.`,
        );
      }
    },
  },
  {
    id: 'store/prune/while-appending',
    behaviour: 'counts the events that queries find after concurrent appends and prunes',
    needs: ['prune'],
    async run({ store }) {
      await store.append(sampleEvents(500));
      const batches = Array.from({ length: 60 }, () => sampleEvents(20));
      await repeatWhile(appendWithTwo(store, store, batches), async () => {
        await store.prune?.({ maxEvents: 100 });
      });
      const counted = (await store.status()).events;
      const found = (await readAll(store)).length;
      assert.equal(counted, found, `The status counts ${counted} events, but queries find ${found}.`);
    },
  },
  {
    id: 'store/shared/visible',
    behaviour: 'returns in every process the events that one of them appended',
    needs: ['shared'],
    async run({ store, peer }) {
      const other = await peer();
      const event = sampleEvent();
      await store.append([event]);
      assert.deepEqual(await other.get(event.id), await store.get(event.id));
      await other.append([sampleEvent()]);
      assert.deepEqual(await readAll(store), await readAll(other));
      assert.equal((await other.status()).epoch, (await store.status()).epoch);
      assert.equal((await store.status()).events, 2);
    },
  },
  {
    id: 'store/shared/two-writers',
    behaviour: 'stores each id once when two processes append the same events',
    needs: ['shared'],
    async run({ store, peer }) {
      const other = await peer();
      const batches = Array.from({ length: 20 }, () => sampleEvents(20));
      const results = await Promise.all(
        batches.flatMap((batch) => [store.append(batch), other.append([...batch].reverse())]),
      );
      assert.equal(sum(results.map(({ inserted }) => inserted)), 400);
      assert.equal(sum(results.map(({ conflicts }) => conflicts.length)), 0);
      assert.deepEqual((await readAll(store)).map(({ id }) => id).sort(), idsOf(batches.flat()));
    },
  },
  {
    id: 'store/shared/visible-in-order',
    behaviour: 'makes sequences visible in order while two processes append',
    needs: ['shared'],
    async run({ store, peer, patienceMs }) {
      const other = await peer();
      const batches = Array.from({ length: 40 }, () => sampleEvents(5));
      const writing = appendWithTwo(store, other, batches);
      const seen = await within(patienceMs, 'a concurrent reader', follow(store, writing));
      assert.deepEqual([...seen].sort(), idsOf(batches.flat()));
    },
  },
];

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function idsOf(events: readonly Event[]): readonly string[] {
  return events.map(({ id }) => id).sort();
}
