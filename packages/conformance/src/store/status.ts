import assert from 'node:assert/strict';
import { sampleEvents } from '../samples';
import type { StoreCase } from './fixture';
import { readAll } from './read';

/** Status of a store. */
export const statusCases: readonly StoreCase[] = [
  {
    id: 'store/status/counts',
    behaviour: 'reports the number of events and the last sequence',
    async run({ store }) {
      const empty = await store.status();
      assert.equal(empty.events, 0);
      assert.equal(empty.lastSequence, 0);
      assert.equal(empty.prunedThrough, 0);
      assert.equal(empty.state, 'ready');
      const batch = sampleEvents(25);
      await store.append(batch);
      await store.append(batch);
      const full = await store.status();
      assert.equal(full.events, 25);
      assert.equal(full.lastSequence, (await readAll(store)).at(-1)?.sequence);
      assert.equal(full.epoch, empty.epoch);
      assert.equal(full.prunedThrough, 0);
    },
  },
  {
    id: 'store/status/raw-rows',
    behaviour: 'reports as many events as the data contains',
    needs: ['rawRows'],
    async run({ store, harness }) {
      const batch = sampleEvents(25);
      await store.append(batch);
      await store.append([...batch, ...sampleEvents(5)]);
      assert.equal(await harness.rawRows?.(), 30);
      assert.equal((await store.status()).events, 30);
    },
  },
];
