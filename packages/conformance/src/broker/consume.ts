import assert from 'node:assert/strict';
import { totalEncodedSize } from '@vigilant/core/adapter';
import { sampleEvent, sampleEvents } from '../samples';
import { eventsOf, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

/** Delivery of events. */
export const consumeCases: readonly BrokerCase[] = [
  {
    id: 'broker/consume/waits',
    behaviour: 'waits for an event and delivers it at once',
    async run({ broker, consume }) {
      const consumer = consume(broker);
      assert.equal(await consumer.hasNext(), false);
      const event = sampleEvent();
      await broker.publish([event]);
      assert.deepEqual(idsOf([await consumer.next()]), [event.id]);
    },
  },
  {
    id: 'broker/consume/encoded',
    behaviour: 'delivers the same events in encoded as in events',
    async run({ broker, consume }) {
      const events = sampleEvents(20);
      await broker.publish(events.slice(0, 10));
      await broker.publish(events.slice(10));
      for (const delivery of await consume(broker).until(20)) {
        if (delivery.encoded === undefined) continue;
        assert.equal(delivery.encoded.count, delivery.events.length);
        assert.deepEqual(delivery.encoded.decode(), delivery.events);
      }
    },
  },
  {
    id: 'broker/consume/many-unacknowledged',
    behaviour: 'continues to deliver without acknowledgements, each event once',
    async run({ broker, consume }) {
      const batches = Array.from({ length: 100 }, () => sampleEvents(5));
      for (const batch of batches) await broker.publish(batch);
      const consumer = consume(broker, { maxBytes: 4_096 });
      const deliveries = await consumer.until(500);
      assert.ok(deliveries.length > 1, 'The broker ignores maxBytes: one delivery contains all events.');
      assert.deepEqual(
        idsOf(deliveries),
        batches.flat().map(({ id }) => id),
      );
      const last = sampleEvent();
      await broker.publish([last]);
      assert.deepEqual(idsOf(await consumer.untilId(last.id)), [last.id]);
    },
  },
  {
    id: 'broker/consume/max-bytes',
    behaviour: 'limits deliveries to maxBytes, which only the last batch of a delivery may exceed',
    async run({ broker, consume }) {
      const batches = Array.from({ length: 40 }, () => sampleEvents(2, { message: 'm'.repeat(1_000) }));
      for (const batch of batches) await broker.publish(batch);
      const largest = Math.max(...batches.map(totalEncodedSize));
      const deliveries = await consume(broker, { maxBytes: 10_000 }).until(80);
      assert.equal(eventsOf(deliveries).length, 80);
      for (const { events } of deliveries)
        assert.ok(
          totalEncodedSize(events) <= 10_000 + largest,
          `A delivery has ${totalEncodedSize(events)} bytes for maxBytes 10000.`,
        );
    },
  },
  {
    id: 'broker/consume/signal',
    behaviour: 'ends without an error when its signal is aborted, even while it waits',
    async run({ broker, consume }) {
      const waiting = consume(broker);
      assert.equal(await waiting.hasNext(), false);
      waiting.abort();
      await waiting.ended();
      await broker.publish([sampleEvent()]);
      const aborted = consume(broker);
      aborted.abort();
      await aborted.ended();
      await consume(broker).until(1);
    },
  },
  {
    id: 'broker/consume/shared',
    behaviour: 'delivers each event to one of several processes',
    needs: ['shared'],
    async run({ broker, peer, consume, within }) {
      const brokers = [broker, await peer()];
      const batches = Array.from({ length: 40 }, () => sampleEvents(5));
      const expected = new Set(batches.flat().map(({ id }) => id));
      const delivered = new Set<string>();
      const consumers = brokers.map((each) => consume(each));
      const drain = async (consumer: (typeof consumers)[number]): Promise<void> => {
        while (delivered.size < expected.size) {
          if (!(await consumer.hasNext())) continue;
          // The iteration ends if the other process has taken over all events.
          const delivery = await consumer.next().catch(() => undefined);
          if (delivery === undefined) return;
          for (const id of idsOf([delivery])) delivered.add(id);
          await delivery.ack();
        }
      };
      const draining = Promise.all(consumers.map(drain));
      for (const [index, batch] of batches.entries()) await brokers[index % 2]?.publish(batch);
      await within('all events in one of the processes', draining);
      assert.deepEqual([...delivered].sort(), [...expected].sort());
    },
  },
];
