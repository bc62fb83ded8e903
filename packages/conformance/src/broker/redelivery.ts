import assert from 'node:assert/strict';
import { sampleEvent, sampleEvents } from '../samples';
import { ackAll, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

/** Redelivery of unacknowledged events. */
export const redeliveryCases: readonly BrokerCase[] = [
  {
    id: 'broker/redelivery/new-consumer',
    behaviour: 'delivers unacknowledged events to the next consumer, in order',
    async run({ broker, consume }) {
      const events = sampleEvents(30);
      for (const event of events) await broker.publish([event]);
      const first = consume(broker, { maxBytes: 1 });
      await ackAll((await first.until(30)).slice(0, 10));
      await first.stop();
      const last = sampleEvent();
      await broker.publish([last]);
      const again = idsOf(await consume(broker).untilId(last.id));
      assert.deepEqual(
        again,
        [...events.slice(10), last].map(({ id }) => id),
      );
    },
  },
  {
    id: 'broker/redelivery/acked-stays-away',
    behaviour: 'never redelivers acknowledged events',
    async run({ broker, consume }) {
      await broker.publish(sampleEvents(20));
      const first = consume(broker);
      await ackAll(await first.until(20));
      assert.equal(broker.status().pendingEvents, 0);
      await first.stop();
      const last = sampleEvent();
      await broker.publish([last]);
      assert.deepEqual(idsOf(await consume(broker).untilId(last.id)), [last.id]);
    },
  },
  {
    id: 'broker/redelivery/reopen',
    behaviour: 'redelivers only unacknowledged events after it is reopened',
    needs: ['durable'],
    async run({ broker, consume, reopen }) {
      const events = sampleEvents(30);
      for (const event of events) await broker.publish([event]);
      const first = consume(broker, { maxBytes: 1 });
      await ackAll((await first.until(20)).slice(0, 10));
      const again = await reopen();
      const last = sampleEvent();
      await again.publish([last]);
      const deliveries = await consume(again).untilId(last.id);
      const expected = [...events.slice(10), last].map(({ id }) => id);
      assert.deepEqual([...idsOf(deliveries)].sort(), expected.sort());
    },
  },
  {
    id: 'broker/redelivery/nothing-consumed',
    behaviour: 'keeps events that were not consumed until it is reopened',
    needs: ['durable'],
    async run({ broker, consume, reopen }) {
      const batches = Array.from({ length: 10 }, () => sampleEvents(10));
      const publishing = batches.map((batch) => broker.publish(batch));
      await Promise.all(publishing);
      const again = await reopen();
      assert.equal(again.status().pendingEvents, 100);
      const delivered = idsOf(await consume(again).until(100));
      assert.deepEqual(
        [...delivered].sort(),
        batches
          .flat()
          .map(({ id }) => id)
          .sort(),
      );
    },
  },
  {
    id: 'broker/redelivery/publish-while-closing',
    behaviour: 'keeps all of each batch whose publish resolved during close',
    needs: ['durable'],
    async run({ broker, consume, reopen }) {
      const batches = Array.from({ length: 30 }, () => sampleEvents(5));
      const publishing = Promise.allSettled(batches.map((batch) => broker.publish(batch)));
      const again = await reopen();
      const results = await publishing;
      const accepted = batches.filter((_, index) => results[index]?.status === 'fulfilled');
      const last = sampleEvent();
      await again.publish([last]);
      const delivered = new Set(idsOf(await consume(again).untilId(last.id)));
      for (const batch of batches) {
        const kept = batch.filter(({ id }) => delivered.has(id)).length;
        assert.ok(kept === 0 || kept === batch.length, 'Only a part of a batch was kept.');
        if (accepted.includes(batch)) assert.equal(kept, batch.length, 'An accepted batch was lost.');
      }
    },
  },
];
