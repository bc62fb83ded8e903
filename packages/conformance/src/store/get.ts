import assert from 'node:assert/strict';
import { NEAR_IDS, sampleEvent } from '../samples';
import { appendHardEvents } from './append-hard';
import type { StoreCase } from './fixture';
import { assertSameEvent } from './read';

/** Reading one event. */
export const getCases: readonly StoreCase[] = [
  {
    id: 'store/get/every-field',
    behaviour: 'returns every field exactly, including unusual values',
    async run({ store }) {
      const events = await appendHardEvents(store);
      for (const event of events) assertSameEvent(await store.get(event.id), event);
    },
  },
  {
    id: 'store/get/survives-reopen',
    behaviour: 'returns every field exactly after it is reopened',
    needs: ['durable'],
    async run({ store, reopen }) {
      const events = await appendHardEvents(store);
      const again = await reopen();
      for (const event of events) assertSameEvent(await again.get(event.id), event);
    },
  },
  {
    id: 'store/get/missing',
    behaviour: 'resolves to undefined for an unknown id',
    async run({ store }) {
      assert.equal(await store.get('nothing'), undefined);
      await store.append([sampleEvent({ id: 'something' })]);
      assert.equal(await store.get('nothing'), undefined);
      assert.equal(await store.get('somethin'), undefined);
    },
  },
  {
    id: 'store/get/ids-are-bytewise',
    behaviour: 'compares ids bytewise',
    async run({ store }) {
      const events = NEAR_IDS.map((id) => sampleEvent({ id, message: `the event of ${id}` }));
      const expected = { inserted: events.length, duplicates: 0, conflicts: [] };
      assert.deepEqual(await store.append(events), expected);
      for (const event of events) assertSameEvent(await store.get(event.id), event);
    },
  },
];
