import assert from 'node:assert/strict';
import { LEVELS } from '@vigilant/core';
import type { Event, PruneResult, RetentionPolicy, Store } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import type { StoreCase } from './fixture';
import { readAll } from './read';

async function prune(store: Store, policy: RetentionPolicy): Promise<PruneResult> {
  const result = await store.prune?.(policy);
  assert.ok(result !== undefined);
  return result;
}

async function expectLeft(store: Store, events: readonly Event[]): Promise<void> {
  assert.deepEqual(
    (await readAll(store)).map(({ id }) => id),
    events.map(({ id }) => id),
  );
  assert.equal((await store.status()).events, events.length);
}

/** Events of each level, received at 1,000, 2,000 ... 5,000 ms, which arrive in another order. */
function agedEvents(): Event[] {
  return [3, 1, 5, 2, 4].flatMap((second) =>
    LEVELS.map((level) => sampleEvent({ level, receivedAt: second * 1_000, timestamp: 9_000 - second })),
  );
}

/** Number of microtasks within which a store in memory has pruned. */
const MICROTASKS = 100;

/** Invalid policies that could delete every event, or none. */
const INVALID_POLICIES: readonly unknown[] = [
  { maxEvents: -2 },
  { maxEvents: '2' },
  { maxBytes: NaN },
  { receivedBefore: NaN },
  { receivedBefore: '2027-01-01' },
  { receivedBeforeByLevel: { LOUD: 9_000 } },
  { maxEvent: 1 },
];

/** Deletion of expired events. */
export const pruneCases: readonly StoreCase[] = [
  {
    id: 'store/prune/policy',
    behaviour: 'deletes events received before a time, with separate times for single levels',
    needs: ['prune'],
    async run({ store }) {
      const events = agedEvents();
      await store.append(events);
      assert.deepEqual(await prune(store, {}), { deleted: 0, complete: true });
      assert.deepEqual(await prune(store, { receivedBefore: 1_000 }), { deleted: 0, complete: true });
      await expectLeft(store, events);
      const policy = { receivedBefore: 2_000, receivedBeforeByLevel: { DEBUG: 4_000, ERROR: 0 } };
      const bounds = { DEBUG: 4_000, INFO: 2_000, WARN: 2_000, ERROR: 0 };
      const left = events.filter(({ level, receivedAt }) => receivedAt >= bounds[level]);
      assert.deepEqual(await prune(store, policy), { deleted: events.length - left.length, complete: true });
      await expectLeft(store, left);
      assert.deepEqual(await prune(store, policy), { deleted: 0, complete: true });
      assert.equal(await store.get((events.find((event) => !left.includes(event)) as Event).id), undefined);
    },
  },
  {
    id: 'store/prune/behind-kept',
    behaviour: 'finds expired events after many old events that are kept',
    needs: ['prune'],
    async run({ store }) {
      for (let batch = 0; batch < 12; batch += 1)
        await store.append(sampleEvents(1_000, { level: 'ERROR', receivedAt: 1_000 }));
      await store.append(sampleEvents(10, { level: 'DEBUG', receivedAt: 2_000 }));
      const policy = { receivedBefore: 3_000, receivedBeforeByLevel: { ERROR: 0 } };
      assert.deepEqual(await prune(store, policy), { deleted: 10, complete: true });
      assert.equal((await store.status()).events, 12_000);
    },
  },
  {
    id: 'store/prune/max-events',
    behaviour: 'deletes the earliest arrivals beyond maxEvents',
    needs: ['prune'],
    async run({ store }) {
      const events = sampleEvents(100).reverse();
      await store.append(events);
      assert.deepEqual(await prune(store, { maxEvents: 100 }), { deleted: 0, complete: true });
      assert.deepEqual(await prune(store, { maxEvents: 30 }), { deleted: 70, complete: true });
      await expectLeft(store, events.slice(70));
    },
  },
  {
    id: 'store/prune/max-bytes',
    behaviour: 'deletes the earliest arrivals beyond maxBytes',
    needs: ['prune'],
    async run({ store }) {
      const events = sampleEvents(2_000, { data: { text: 'z'.repeat(500) } });
      await store.append(events);
      assert.deepEqual(await prune(store, { maxBytes: 1024 ** 4 }), { deleted: 0, complete: true });
      // Documents do not count, regardless of their size.
      await store.documents?.put(
        'view',
        'large',
        { value: {}, blob: new Uint8Array(2 ** 21) },
        { revision: null },
      );
      const { deleted } = await prune(store, { maxBytes: 500_000 });
      const left = events.length - deleted;
      // An event has 500 bytes of text; a store may keep up to twice that for it.
      assert.ok(left < 1_000, `${left} events were kept, but they have more than 500,000 bytes.`);
      assert.ok(left >= 250, `Only ${left} events were kept, but they have far less than 500,000 bytes.`);
      await expectLeft(store, events.slice(deleted));
    },
  },
  {
    id: 'store/prune/signal',
    behaviour: 'stops when its signal is aborted and reports that it is not complete',
    needs: ['prune'],
    async run({ store }) {
      const events = sampleEvents(20);
      await store.append(events);
      const policy = { maxEvents: 5, signal: AbortSignal.abort() };
      assert.deepEqual(await prune(store, policy), { deleted: 0, complete: false });
      await expectLeft(store, events);
    },
  },
  {
    id: 'store/prune/signal-midway',
    behaviour: 'stops after a step of at most ten thousand events when its signal is aborted meanwhile',
    needs: ['prune'],
    async run({ store }) {
      const count = 12_000;
      for (let start = 0; start < count; start += 4_000) await store.append(sampleEvents(4_000));
      const controller = new AbortController();
      let wasRunning = true;
      const pruning = prune(store, { maxEvents: 0, signal: controller.signal });
      const end = (): void => void (wasRunning = false);
      pruning.then(end, end);
      // Only a store in memory prunes within one turn of the event loop.
      for (let turn = 0; turn < MICROTASKS; turn += 1) await Promise.resolve();
      const hadToStop = wasRunning;
      controller.abort();
      const { deleted, complete } = await pruning;
      if (hadToStop) assert.equal(complete, false, 'The signal was aborted while prune() was running.');
      assert.ok(deleted <= (hadToStop ? 10_000 : count), `${deleted} events were deleted after the abort.`);
      assert.equal((await store.status()).events, count - deleted);
      assert.deepEqual(await prune(store, { maxEvents: 0 }), { deleted: count - deleted, complete: true });
    },
  },
  {
    id: 'store/prune/combined',
    behaviour: 'deletes events that exceed any limit of a policy',
    needs: ['prune'],
    async run({ store }) {
      const events = agedEvents();
      await store.append(events);
      const young = events.filter(({ receivedAt }) => receivedAt >= 3_000);
      await prune(store, { receivedBefore: 3_000, maxEvents: events.length });
      await expectLeft(store, young);
      await prune(store, { receivedBefore: 3_000, maxEvents: 2 });
      await expectLeft(store, young.slice(-2));
    },
  },
  {
    id: 'store/prune/invalid-policy',
    behaviour: 'rejects an invalid policy and deletes nothing',
    needs: ['prune'],
    async run({ store }) {
      const events = agedEvents();
      await store.append(events);
      for (const policy of INVALID_POLICIES)
        await assert.rejects(async () => store.prune?.(policy as RetentionPolicy), {
          code: 'VIGILANT_QUERY_INVALID',
        });
      await expectLeft(store, events);
    },
  },
  {
    id: 'store/prune/pruned-through',
    behaviour: 'reports the highest pruned sequence and releases the ids',
    needs: ['prune'],
    async run({ store }) {
      const events = sampleEvents(20);
      await store.append(events);
      const sequences = (await readAll(store)).map(({ sequence }) => sequence);
      await prune(store, { maxEvents: 5 });
      const { prunedThrough, lastSequence } = await store.status();
      assert.equal(prunedThrough, sequences[14]);
      assert.equal(lastSequence, sequences[19]);
      const again = { ...(events[0] as Event), message: 'another event' };
      assert.deepEqual(await store.append([again]), { inserted: 1, duplicates: 0, conflicts: [] });
    },
  },
];
