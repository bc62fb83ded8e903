import assert from 'node:assert/strict';
import type { Event } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { hardEvents, sampleEvent, sampleEvents } from '../samples';
import { eventsOf, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

const idsOfEvents = (events: readonly Event[]): readonly string[] => events.map(({ id }) => id);

/** Publishing events. */
export const publishCases: readonly BrokerCase[] = [
  {
    id: 'broker/publish/all-delivered',
    behaviour: 'delivers every field of every event unchanged',
    async run({ broker, consume }) {
      const events = hardEvents();
      for (let start = 0; start < events.length; start += 5)
        await broker.publish(events.slice(start, start + 5));
      const delivered = eventsOf(await consume(broker).until(events.length));
      assert.equal(delivered.length, events.length);
      for (const [index, event] of events.entries()) assert.deepEqual({ ...delivered[index] }, event);
    },
  },
  {
    id: 'broker/publish/encoded',
    behaviour: 'delivers every field of encoded events, and none for an empty batch',
    needs: ['publishEncoded'],
    async run({ broker, consume }) {
      const events = hardEvents();
      await broker.publishEncoded?.(encodeAll([]));
      assert.equal(broker.status().pendingEvents, 0);
      await broker.publishEncoded?.(encodeAll(events));
      const delivered = eventsOf(await consume(broker).until(events.length));
      assert.equal(delivered.length, events.length);
      for (const [index, event] of events.entries()) assert.deepEqual({ ...delivered[index] }, event);
    },
  },
  {
    id: 'broker/publish/order',
    behaviour: 'delivers batches in the order in which they were published',
    async run({ broker, consume }) {
      const batches = Array.from({ length: 50 }, (_, index) => sampleEvents(1 + (index % 4)).reverse());
      for (const batch of batches) await broker.publish(batch);
      const expected = idsOfEvents(batches.flat());
      assert.deepEqual(idsOf(await consume(broker).until(expected.length)), expected);
    },
  },
  {
    id: 'broker/publish/order-without-waiting',
    behaviour: 'delivers batches in that order while a consumer is reading',
    async run({ broker, consume }) {
      const consumer = consume(broker);
      const batches = Array.from({ length: 100 }, () => sampleEvents(3));
      const reading = consumer.until(300);
      for (const batch of batches) await broker.publish(batch);
      assert.deepEqual(idsOf(await reading), idsOfEvents(batches.flat()));
    },
  },
  {
    id: 'broker/publish/empty',
    behaviour: 'accepts an empty batch and does not deliver it',
    async run({ broker, consume }) {
      await broker.publish([]);
      assert.equal(broker.status().pendingEvents, 0);
      const last = sampleEvent();
      await broker.publish([last]);
      assert.deepEqual(idsOf(await consume(broker).until(1)), [last.id]);
    },
  },
  {
    id: 'broker/publish/large',
    behaviour: 'accepts a batch of five thousand events',
    async run({ broker, consume }) {
      const events = sampleEvents(5_000);
      await broker.publish(events);
      assert.deepEqual(idsOf(await consume(broker).until(5_000)), idsOfEvents(events));
    },
  },
  {
    id: 'broker/publish/at-once',
    behaviour: 'accepts many concurrent batches and delivers each event once',
    async run({ broker, consume }) {
      const batches = Array.from({ length: 100 }, () => sampleEvents(5));
      await Promise.all(batches.map((batch) => broker.publish(batch)));
      const delivered = idsOf(await consume(broker).until(500));
      assert.deepEqual([...delivered].sort(), [...idsOfEvents(batches.flat())].sort());
    },
  },
  {
    id: 'broker/publish/own-copy',
    behaviour: 'copies the array, so the caller may reuse it',
    async run({ broker, consume }) {
      const batch = sampleEvents(3);
      const ids = idsOfEvents(batch);
      await broker.publish(batch);
      batch.length = 0;
      assert.deepEqual(idsOf(await consume(broker).until(3)), ids);
    },
  },
];
