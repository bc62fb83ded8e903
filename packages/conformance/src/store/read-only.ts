import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import type { Store } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import type { StoreCase } from './fixture';
import { readAll } from './read';

/** Calls of every method that changes data. */
function writesOf(store: Store): readonly [name: string, write: () => Promise<unknown>][] {
  const { documents } = store;
  const writes: [string, (() => Promise<unknown>) | undefined][] = [
    ['append', () => store.append([sampleEvent()])],
    ['append of an empty batch', () => store.append([])],
    ['prune', store.prune && (async () => store.prune?.({ maxEvents: 0 }))],
    ['documents.put', documents && (() => documents.put('kind', 'new', { value: {} }, { revision: null }))],
    ['documents.delete', documents && (() => documents.delete('kind', 'key', { revision: 'none' }))],
    ['documents.write', documents && (() => documents.write([]))],
  ];
  return writes.flatMap(([name, write]) => (write === undefined ? [] : [[name, write] as const]));
}

/** Behaviour of a store that only reads the data of another one. */
export const readOnlyCases: readonly StoreCase[] = [
  {
    id: 'store/read-only/declared',
    behaviour: 'declares whether it is read-only',
    needs: ['readOnly'],
    async run({ store, readOnly }) {
      assert.equal((await readOnly()).capabilities.readOnly, true);
      assert.notEqual(store.capabilities.readOnly, true);
    },
  },
  {
    id: 'store/read-only/reads',
    behaviour: 'returns the events, the status and the documents of the store that writes',
    needs: ['readOnly'],
    async run({ store, readOnly }) {
      const [event] = sampleEvents(1);
      await store.append(event === undefined ? [] : [event]);
      await store.documents?.put('kind', 'key', { value: { n: 1 } }, { revision: null });
      const reader = await readOnly();
      const found = await readAll(reader);
      assert.deepEqual(
        found.map(({ id }) => id),
        [event?.id],
      );
      assert.equal((await reader.get(event?.id ?? ''))?.id, event?.id);
      const { epoch, events, lastSequence } = await reader.status();
      assert.deepEqual([events, lastSequence], [1, found[0]?.sequence]);
      assert.equal(epoch, (await store.status()).epoch, 'Cursors of one store must be valid for the other.');
      if (store.documents === undefined) return;
      assert.deepEqual((await reader.documents?.get('kind', 'key'))?.value, { n: 1 });
      assert.equal(await reader.documents?.count('kind'), 1);
    },
  },
  {
    id: 'store/read-only/rejects-writes',
    behaviour: 'rejects every write with VIGILANT_READ_ONLY and changes nothing',
    needs: ['readOnly'],
    async run({ store, readOnly }) {
      const [event] = sampleEvents(1);
      await store.append(event === undefined ? [] : [event]);
      const reader = await readOnly();
      for (const [name, write] of writesOf(reader))
        await assert.rejects(
          write,
          (error) => isVigilantError(error) && error.code === 'VIGILANT_READ_ONLY' && !error.retryable,
          `${name} of a read-only store must reject with VIGILANT_READ_ONLY.`,
        );
      assert.equal((await store.status()).events, 1);
      assert.equal(await store.documents?.get('kind', 'new'), undefined);
    },
  },
  {
    id: 'store/read-only/later-commits',
    behaviour: 'returns events that are committed after it was opened',
    needs: ['readOnly'],
    async run({ store, readOnly }) {
      const reader = await readOnly();
      assert.deepEqual(await readAll(reader), []);
      for (const event of sampleEvents(3)) {
        await store.append([event]);
        assert.equal((await readAll(reader)).at(-1)?.id, event.id);
      }
    },
  },
];
