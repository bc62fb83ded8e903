import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import type { Store } from '@vigilant/core';
import type { NamedCall } from '../assert-closed';
import { assertClosed } from '../assert-closed';
import { sampleEvent, sampleEvents } from '../samples';
import { eventually, within } from '../waiting';
import type { StoreCase } from './fixture';
import { WHOLE, assertSameEvent, readAll } from './read';

/** Calls of every method of the store except `open` and `close`. */
function callsOf(store: Store): readonly NamedCall[] {
  const { documents } = store;
  const { filter } = WHOLE;
  const calls: [string, (() => Promise<unknown>) | undefined][] = [
    ['append', () => store.append([sampleEvent()])],
    ['append of an empty batch', () => store.append([])],
    ['get', () => store.get('some-id')],
    ['query', () => store.query(WHOLE)],
    ['queryLines', store.queryLines && (async () => store.queryLines?.(WHOLE))],
    ['status', () => store.status()],
    [
      'histogram',
      store.histogram &&
        (async () =>
          store.histogram?.({
            filter,
            from: 0,
            until: 1,
            bucketMicros: 1,
            by: { name: 'level' },
            limit: 1,
          })),
    ],
    [
      'facets',
      store.facets && (async () => store.facets?.({ filter, fields: [{ name: 'level' }], limit: 1 })),
    ],
    ['prune', store.prune && (async () => store.prune?.({ maxEvents: 1_000_000 }))],
    ['backup', store.backup && (async () => store.backup?.('never-written'))],
    ['documents.get', documents && (() => documents.get('kind', 'key'))],
    ['documents.list', documents && (() => documents.list('kind', { limit: 1 }))],
    ['documents.count', documents && (() => documents.count('kind'))],
    ['documents.put', documents && (() => documents.put('kind', 'key', { value: {} }, { revision: null }))],
    ['documents.delete', documents && (() => documents.delete('kind', 'key', { revision: 'none' }))],
    ['documents.write without changes', documents && (() => documents.write([]))],
  ];
  return calls.flatMap(([name, call]) => (call === undefined ? [] : [[name, call] as const]));
}

/** Opening, closing, and behaviour of a store that is not open. */
export const lifecycleCases: readonly StoreCase[] = [
  {
    id: 'store/lifecycle/isolated',
    behaviour: 'starts empty, and two stores of the harness share no data',
    async run({ store, unopened, open }) {
      const other = await open(await unopened());
      await store.append([sampleEvent()]);
      assert.equal((await other.status()).events, 0, 'create() must return an adapter with its own data.');
      assert.equal((await other.status()).lastSequence, 0);
      assert.notEqual((await other.status()).epoch, (await store.status()).epoch);
    },
  },
  {
    id: 'store/lifecycle/capabilities',
    behaviour: 'declares valid, frozen capabilities',
    async run({ store }) {
      const { capabilities } = store;
      assert.ok(Object.isFrozen(capabilities), 'capabilities must be frozen.');
      assert.ok(['memory', 'disk', 'replicated'].includes(capabilities.durability));
      assert.equal(typeof capabilities.shared, 'boolean');
      assert.ok(['exact', 'superset'].includes(capabilities.filtering));
      assert.equal(store.capabilities, capabilities, 'capabilities must stay the same object.');
    },
  },
  {
    id: 'store/lifecycle/closed-rejects',
    behaviour: 'rejects with VIGILANT_STORE_CLOSED before open, while closing and after close',
    async run({ unopened, open, patienceMs }) {
      const store = await unopened();
      const calls = callsOf(store);
      await assertClosed('before open', calls, 'VIGILANT_STORE_CLOSED', patienceMs);
      await open(store);
      await store.append([sampleEvent()]);
      const closing = store.close();
      await assertClosed('while closing', calls, 'VIGILANT_STORE_CLOSED', patienceMs);
      await within(patienceMs, 'close', closing);
      await assertClosed('after close', calls, 'VIGILANT_STORE_CLOSED', patienceMs);
    },
  },
  {
    id: 'store/lifecycle/close-twice',
    behaviour: 'resolves close if it is called twice, concurrently or before open',
    async run({ store, unopened, patienceMs }) {
      await within(patienceMs, 'two concurrent closes', Promise.all([store.close(), store.close()]));
      await within(patienceMs, 'a third close', store.close());
      await within(patienceMs, 'close before open', (await unopened()).close());
    },
  },
  {
    id: 'store/lifecycle/close-waits',
    behaviour: 'settles pending operations before close resolves',
    async run({ store, patienceMs }) {
      const work = Array.from({ length: 20 }, () => store.append(sampleEvents(50)));
      work.push(...Array.from({ length: 5 }, () => store.query(WHOLE).then(() => store.append([]))));
      const settled = Promise.allSettled(work);
      await within(patienceMs, 'close', store.close());
      for (const result of await within(patienceMs, 'operations started before close', settled))
        if (result.status === 'rejected')
          assert.ok(
            isVigilantError(result.reason) && result.reason.code === 'VIGILANT_STORE_CLOSED',
            `An operation that close ended must reject with VIGILANT_STORE_CLOSED, not ${String(result.reason)}.`,
          );
    },
  },
  {
    id: 'store/lifecycle/reopen-keeps',
    behaviour: 'keeps everything appended before close',
    needs: ['durable'],
    async run({ store, reopen }) {
      const batches = Array.from({ length: 10 }, () => sampleEvents(20));
      for (const batch of batches) await store.append(batch);
      const before = await readAll(store);
      const { epoch } = await store.status();
      const again = await reopen();
      assert.deepEqual(await readAll(again), before);
      assert.equal((await again.status()).epoch, epoch, 'Only a restore may renew the epoch.');
      assert.deepEqual(await again.append(batches.flat()), { inserted: 0, duplicates: 200, conflicts: [] });
    },
  },
  {
    id: 'store/lifecycle/close-keeps-running-appends',
    behaviour: 'keeps each append that resolved, including those during close',
    needs: ['durable'],
    async run({ store, reopen }) {
      const batches = Array.from({ length: 20 }, () => sampleEvents(20));
      const running = Promise.allSettled(batches.map((batch) => store.append(batch)));
      const again = await reopen();
      const results = await running;
      for (const [index, batch] of batches.entries()) {
        if (results[index]?.status !== 'fulfilled') continue;
        for (const event of batch) assertSameEvent(await again.get(event.id), event);
      }
    },
  },
  {
    id: 'store/lifecycle/leaves-no-timer',
    behaviour: 'leaves no timer after close',
    async run({ store, context, patienceMs }) {
      await store.append(sampleEvents(100));
      await store.query(WHOLE);
      await store.close();
      await eventually(patienceMs, 'no pending timer after close', () => context.pendingTimers === 0);
    },
  },
];
