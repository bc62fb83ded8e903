import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import { totalEncodedSize } from '@vigilant/core/adapter';
import type { Broker, Event } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import { ackAll, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

const batchOf = (): Event[] => sampleEvents(4, { message: 'm'.repeat(60_000) });

/** Publishes until the broker is full. Returns the accepted events and the rejected batch. */
async function fill(
  broker: Broker,
): Promise<{ readonly accepted: readonly Event[]; readonly rejected: readonly Event[] }> {
  const capacity = broker.status().capacityBytes ?? 0;
  const accepted: Event[] = [];
  for (let bytes = 0; bytes <= 2 * capacity;) {
    const batch = batchOf();
    try {
      await broker.publish(batch);
    } catch (error) {
      assert.ok(
        isVigilantError(error) && error.code === 'VIGILANT_BROKER_FULL',
        `A full broker must reject with VIGILANT_BROKER_FULL, not ${String(error)}.`,
      );
      assert.equal(error.retryable, true);
      return { accepted, rejected: batch };
    }
    accepted.push(...batch);
    bytes += totalEncodedSize(batch);
  }
  return assert.fail(`The broker accepted twice its capacity of ${capacity} bytes.`);
}

/** Behaviour of a full broker. */
export const backpressureCases: readonly BrokerCase[] = [
  {
    id: 'broker/backpressure/full-takes-nothing',
    behaviour: 'rejects a whole batch with VIGILANT_BROKER_FULL when it is full, and keeps accepted events',
    needs: ['bounded'],
    async run({ broker, consume }) {
      const { accepted, rejected } = await fill(broker);
      const consumer = consume(broker);
      const deliveries = await consumer.until(accepted.length);
      await ackAll(deliveries);
      const last = sampleEvent();
      await broker.publish([last]);
      const ids = [...idsOf(deliveries), ...idsOf(await consumer.untilId(last.id))];
      assert.deepEqual(
        ids,
        [...accepted, last].map(({ id }) => id),
      );
      for (const { id } of rejected) assert.ok(!ids.includes(id), 'A part of a rejected batch was accepted.');
    },
  },
  {
    id: 'broker/backpressure/room-after-ack',
    behaviour: 'accepts events again after some are acknowledged',
    needs: ['bounded'],
    async run({ broker, consume, within }) {
      const { accepted, rejected } = await fill(broker);
      const consumer = consume(broker);
      for (let round = 0; round < 3; round += 1) {
        await ackAll(await consumer.until(round === 0 ? accepted.length : rejected.length));
        await within('publish after acknowledgements', broker.publish(rejected));
      }
    },
  },
];
