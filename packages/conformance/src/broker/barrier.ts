import assert from 'node:assert/strict';
import type { BarrierResult } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import { never, settles } from '../waiting';
import { ackAll, drainUntil, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

/** Time that a barrier needs to begin, in milliseconds. It may include events published during that time. */
const BEGIN_MS = 500;

/** Barriers. */
export const barrierCases: readonly BrokerCase[] = [
  {
    id: 'broker/barrier/nothing-pending',
    behaviour: 'is complete when nothing is pending',
    async run({ broker, consume, within }) {
      const consumer = consume(broker);
      for (let round = 0; round < 3; round += 1) {
        const barrier = broker.barrier({ signal: never });
        await within('a consumer', drainUntil(consumer, barrier));
        const { complete, pending } = await within('a barrier without events', barrier);
        assert.equal(complete, true);
        assert.ok(pending === undefined || pending === 0);
        await broker.publish([sampleEvent()]);
        await ackAll(await consumer.until(1));
      }
    },
  },
  {
    id: 'broker/barrier/waits-for-ack',
    behaviour: 'settles only when everything published before it is acknowledged',
    async run({ broker, consume, within }) {
      for (let batch = 0; batch < 5; batch += 1) await broker.publish(sampleEvents(4));
      const barrier = broker.barrier({ signal: never });
      const consumer = consume(broker, { maxBytes: 1 });
      const deliveries = await consumer.until(20);
      assert.equal(await settles(barrier), false, 'A barrier settled before anything was acknowledged.');
      await ackAll(deliveries.slice(1));
      assert.equal(await settles(barrier), false, 'A barrier settled while a delivery was not acknowledged.');
      await ackAll(deliveries.slice(0, 1));
      await within('a consumer', drainUntil(consumer, barrier));
      assert.equal((await within('a barrier', barrier)).complete, true);
    },
  },
  {
    id: 'broker/barrier/later-publish',
    behaviour: 'does not wait for events published after it',
    async run({ broker, consume, within }) {
      await broker.publish(sampleEvents(4));
      const consumer = consume(broker);
      const before = await consumer.until(4);
      const barrier = broker.barrier({ signal: never });
      await settles(barrier, BEGIN_MS);
      const later = sampleEvent();
      await broker.publish([later]);
      const after = await consumer.untilId(later.id);
      await ackAll(before);
      // A delivery that contains only the flush belongs to the barrier.
      await ackAll(after.filter(({ events }) => events.length === 0));
      assert.equal((await within('a barrier', barrier)).complete, true);
      assert.equal(broker.status().pendingEvents, 1);
    },
  },
  {
    id: 'broker/barrier/flush',
    behaviour: 'delivers a flush after everything published before the barrier',
    async run({ broker, consume, within }) {
      const consumer = consume(broker, { maxBytes: 1 });
      for (const isDelivered of [true, false]) {
        const events = sampleEvents(6);
        for (const event of events) await broker.publish([event]);
        const early = isDelivered ? await consumer.until(6) : [];
        assert.ok(
          early.every(({ flush }) => !flush),
          'A delivery has flush set without a barrier.',
        );
        const barrier = broker.barrier({ signal: never });
        const deliveries = [...early];
        while (deliveries.at(-1)?.flush !== true) deliveries.push(await consumer.next());
        assert.deepEqual(
          idsOf(deliveries),
          events.map(({ id }) => id),
          'The flush must follow everything published before the barrier.',
        );
        await ackAll(deliveries);
        assert.equal((await within('a barrier', barrier)).complete, true);
      }
    },
  },
  {
    id: 'broker/barrier/signal',
    behaviour: 'resolves with complete: false when its signal is aborted',
    async run({ broker, consume, within }) {
      await broker.publish(sampleEvents(5));
      await consume(broker).until(5);
      const controller = new AbortController();
      const barrier = broker.barrier({ signal: controller.signal });
      await settles(barrier, BEGIN_MS);
      controller.abort();
      const isIncomplete = ({ complete, pending }: BarrierResult): boolean => !complete && (pending ?? 1) > 0;
      assert.ok(isIncomplete(await within('a barrier at its signal', barrier)));
      const aborted = broker.barrier({ signal: AbortSignal.abort() });
      assert.ok(isIncomplete(await within('a barrier with an aborted signal', aborted)));
    },
  },
  {
    id: 'broker/barrier/at-once',
    behaviour: 'runs many concurrent barriers, each for the events published before it',
    async run({ broker, consume, within }) {
      const consumer = consume(broker);
      const barriers: Promise<BarrierResult>[] = [];
      for (let round = 0; round < 10; round += 1) {
        await broker.publish(sampleEvents(2));
        barriers.push(broker.barrier({ signal: never }));
      }
      const all = Promise.all(barriers);
      await within('a consumer', drainUntil(consumer, all));
      for (const { complete } of await all) assert.equal(complete, true);
      assert.equal(broker.status().pendingEvents, 0);
    },
  },
  {
    id: 'broker/barrier/all-processes',
    behaviour: 'waits for the events of every process',
    needs: ['shared'],
    async run({ broker, peer, consume, within }) {
      const other = await peer();
      const consumer = consume(broker);
      await broker.publish(sampleEvents(5));
      const deliveries = await consumer.until(5);
      const barrier = other.barrier({ signal: never });
      assert.equal(
        await settles(barrier),
        false,
        'A barrier settled while another process had unacknowledged events.',
      );
      await ackAll(deliveries);
      await within('a consumer', drainUntil(consumer, barrier));
      assert.equal((await within('a barrier', barrier)).complete, true);
    },
  },
];
