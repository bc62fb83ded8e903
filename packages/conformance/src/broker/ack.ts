import assert from 'node:assert/strict';
import type { Delivery } from '@vigilant/core';
import { sampleEvents } from '../samples';
import { eventually } from '../waiting';
import { ackAll, eventsOf, idsOf } from './consumer';
import type { BrokerCase, BrokerFixture } from './fixture';

/** Publishes batches of one event and consumes them as deliveries of one event. */
async function takeSingles(
  { broker, consume }: BrokerFixture,
  count: number,
): Promise<{ readonly consumer: ReturnType<typeof consume>; readonly deliveries: readonly Delivery[] }> {
  for (const event of sampleEvents(count)) await broker.publish([event]);
  const consumer = consume(broker, { maxBytes: 1 });
  const deliveries = await consumer.until(count);
  assert.equal(eventsOf(deliveries).length, count);
  return { consumer, deliveries };
}

/** Acknowledgement. */
export const ackCases: readonly BrokerCase[] = [
  {
    id: 'broker/ack/any-order',
    behaviour: 'accepts acknowledgements in any order and keeps unacknowledged events',
    async run(fixture) {
      const { broker, consume, patienceMs } = fixture;
      const { consumer, deliveries } = await takeSingles(fixture, 9);
      const isMissing = (index: number): boolean => index === 2 || index === 5;
      await ackAll(deliveries.filter((_, index) => !isMissing(index)).reverse());
      await consumer.stop();
      const again = consume(broker);
      const missing = deliveries.filter((_, index) => isMissing(index));
      const redelivered = await again.untilId(idsOf(missing)[1] as string);
      assert.ok(
        idsOf(redelivered).includes(idsOf(missing)[0] as string),
        'An unacknowledged event was not delivered again.',
      );
      await ackAll([...redelivered].reverse());
      await eventually(patienceMs, 'all events acknowledged', async () => {
        // Events after an unacknowledged one may be redelivered, because a broker may not be able to commit them.
        if (await again.hasNext()) await (await again.next()).ack();
        return broker.status().pendingEvents === 0;
      });
    },
  },
  {
    id: 'broker/ack/twice',
    behaviour: 'ignores a repeated acknowledgement',
    async run(fixture) {
      const { broker } = fixture;
      const { deliveries } = await takeSingles(fixture, 3);
      const [first] = deliveries;
      assert.ok(first !== undefined);
      await Promise.all([first.ack(), first.ack()]);
      await first.ack();
      assert.equal(broker.status().pendingEvents, 2);
      await ackAll(deliveries);
      assert.equal(broker.status().pendingEvents, 0);
      assert.equal(broker.status().pendingBytes, 0);
    },
  },
  {
    id: 'broker/ack/superseded',
    behaviour: 'ignores an acknowledgement after another consumer has taken over',
    async run(fixture) {
      const { broker, consume, patienceMs } = fixture;
      const { consumer, deliveries } = await takeSingles(fixture, 3);
      await consumer.stop();
      const taken = await consume(broker).until(3);
      for (const { signal } of deliveries)
        await eventually(
          patienceMs,
          'the abort of the signal of a delivery that was taken over',
          () => signal.aborted,
        );
      await ackAll(deliveries);
      assert.equal(broker.status().pendingEvents, 3, 'A superseded acknowledgement removed events.');
      await ackAll(taken);
      assert.equal(broker.status().pendingEvents, 0);
    },
  },
];
