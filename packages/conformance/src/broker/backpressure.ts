import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import { encodedSize } from '@vigilant/core/adapter';
import type { Broker, Event } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import { ackAll, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

const batchOf = (): Event[] => sampleEvents(4, { message: 'm'.repeat(60_000) });

/** Publishes until the broker refuses; gives what it took and what it refused. */
async function fill(
  broker: Broker,
): Promise<{ readonly taken: readonly Event[]; readonly refused: readonly Event[] }> {
  const capacity = broker.status().capacityBytes ?? 0;
  const taken: Event[] = [];
  for (let bytes = 0; bytes <= 2 * capacity;) {
    const batch = batchOf();
    try {
      await broker.publish(batch);
    } catch (error) {
      assert.ok(
        isVigilantError(error) && error.code === 'VIGILANT_BROKER_FULL',
        `Full, it threw ${String(error)}.`,
      );
      assert.equal(error.retryable, true);
      return { taken, refused: batch };
    }
    taken.push(...batch);
    bytes += batch.reduce((sum, event) => sum + encodedSize(event), 0);
  }
  return assert.fail(`It took twice the ${capacity} bytes that it says it can hold.`);
}

/** What a full broker does. */
export const backpressureCases: readonly BrokerCase[] = [
  {
    id: 'broker/backpressure/full-takes-nothing',
    behaviour: 'rejects a whole batch with VIGILANT_BROKER_FULL when it is full, and keeps accepted events',
    needs: ['bounded'],
    async run({ broker, consume }) {
      const { taken, refused } = await fill(broker);
      const consumer = consume(broker);
      const deliveries = await consumer.until(taken.length);
      await ackAll(deliveries);
      const last = sampleEvent();
      await broker.publish([last]);
      const ids = [...idsOf(deliveries), ...idsOf(await consumer.untilId(last.id))];
      assert.deepEqual(
        ids,
        [...taken, last].map(({ id }) => id),
      );
      for (const { id } of refused) assert.ok(!ids.includes(id), 'A part of a refused batch was taken.');
    },
  },
  {
    id: 'broker/backpressure/room-after-ack',
    behaviour: 'accepts events again after some are acknowledged',
    needs: ['bounded'],
    async run({ broker, consume, within }) {
      const { taken, refused } = await fill(broker);
      const consumer = consume(broker);
      for (let round = 0; round < 3; round += 1) {
        await ackAll(await consumer.until(round === 0 ? taken.length : refused.length));
        await within('publish after room was made', broker.publish(refused));
      }
    },
  },
];
