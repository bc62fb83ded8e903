import type { Delivery, Event } from '@vigilant/core';
import type { BrokenBroker } from './broken-broker';
import { changeDeliveries, never } from './broken-broker';

/** Brokers that lose events or deliver them wrongly. */
export const BROKERS_THAT_LOSE: readonly BrokenBroker[] = [
  {
    name: 'reverses the order of events',
    change: changeDeliveries((delivery) => ({ ...delivery, events: [...delivery.events].reverse() })),
    fails: [
      'broker/publish/all-delivered',
      'broker/publish/encoded',
      'broker/publish/order',
      'broker/publish/order-without-waiting',
      'broker/publish/large',
      'broker/publish/own-copy',
      'broker/consume/many-unacknowledged',
      'broker/redelivery/new-consumer',
      'broker/backpressure/full-takes-nothing',
    ],
  },
  {
    name: 'truncates timestamps to seconds',
    change: (broker) => ({
      publish: (events) =>
        broker.publish(
          events.map((event) => ({ ...event, timestamp: Math.floor(event.timestamp / 1000) * 1000 })),
        ),
    }),
    fails: ['broker/publish/all-delivered'],
  },
  {
    name: 'rejects an empty batch',
    change: (broker) => ({
      async publish(events) {
        await broker.publish(events);
        if (events.length === 0) throw new TypeError('The batch is empty.');
      },
    }),
    fails: ['broker/publish/empty'],
  },
  {
    name: 'accepts only a thousand events of a batch',
    change: (broker) => ({ publish: (events) => broker.publish(events.slice(0, 1_000)) }),
    fails: ['broker/publish/large'],
  },
  {
    name: 'accepts one batch at a time and loses concurrent ones',
    change: (broker) => {
      let isBusy = false;
      return {
        async publish(events) {
          if (isBusy) return;
          isBusy = true;
          await broker.publish(events).finally(() => (isBusy = false));
        },
      };
    },
    fails: [
      'broker/publish/at-once',
      'broker/redelivery/nothing-consumed',
      'broker/redelivery/publish-while-closing',
      'broker/abandon/keeps-accepted',
    ],
  },
  {
    name: 'reads the array of the caller after publish has resolved',
    change: (broker) => ({
      async publish(events) {
        await broker.publish([]);
        // After the caller has continued but before the next turn, so that the failing cases do not depend on timing.
        process.nextTick(() => void broker.publish(events).catch(() => {}));
      },
    }),
    fails: [
      'broker/publish/own-copy',
      'broker/redelivery/nothing-consumed',
      'broker/redelivery/publish-while-closing',
      'broker/backpressure/full-takes-nothing',
      'broker/backpressure/room-after-ack',
      'broker/barrier/waits-for-ack',
      'broker/barrier/flush',
      'broker/status/pending',
      'broker/abandon/keeps-accepted',
      'broker/abandon/another-process',
      'broker/abandon/takeover-fails',
    ],
  },
  {
    name: 'acknowledges when it delivers',
    change: changeDeliveries((delivery) => {
      void delivery.ack();
      return delivery;
    }),
    fails: [
      'broker/ack/any-order',
      'broker/ack/twice',
      'broker/ack/superseded',
      'broker/redelivery/new-consumer',
      'broker/redelivery/reopen',
      'broker/barrier/waits-for-ack',
      'broker/barrier/later-publish',
      'broker/barrier/signal',
      'broker/barrier/all-processes',
      'broker/malformed/foreign-event',
      'broker/status/pending',
      'broker/abandon/settles-all',
    ],
  },
  {
    name: 'delivers nothing while events are unacknowledged',
    change: (broker) => ({
      async *consume(options) {
        for await (const delivery of broker.consume(options)) {
          yield delivery;
          while (broker.status().pendingEvents > 0 && !options.signal.aborted)
            await new Promise(setImmediate);
        }
      },
    }),
    fails: [
      'broker/lifecycle/close-delivers-nothing',
      'broker/publish/order-without-waiting',
      'broker/consume/many-unacknowledged',
      'broker/consume/max-bytes',
      'broker/consume/shared',
      'broker/ack/any-order',
      'broker/ack/twice',
      'broker/ack/superseded',
      'broker/redelivery/new-consumer',
      'broker/redelivery/reopen',
      'broker/backpressure/full-takes-nothing',
      'broker/backpressure/room-after-ack',
      'broker/barrier/nothing-pending',
      'broker/barrier/waits-for-ack',
      'broker/barrier/later-publish',
      'broker/barrier/flush',
      'broker/abandon/settles-all',
    ],
  },
  {
    name: 'acknowledges all earlier deliveries with each acknowledgement',
    change: (broker) => {
      const open: Delivery[] = [];
      const ackThrough = async (index: number): Promise<void> => {
        for (const delivery of open.slice(0, index + 1)) await delivery.ack();
      };
      return changeDeliveries((delivery) => {
        const index = open.push(delivery) - 1;
        return { ...delivery, ack: () => ackThrough(index) };
      })(broker);
    },
    fails: ['broker/ack/any-order', 'broker/barrier/waits-for-ack'],
  },
  {
    name: 'ignores acknowledgements',
    change: changeDeliveries((delivery) => ({ ...delivery, ack: async () => {} })),
    fails: [
      'broker/ack/any-order',
      'broker/ack/twice',
      'broker/ack/superseded',
      'broker/redelivery/new-consumer',
      'broker/redelivery/acked-stays-away',
      'broker/redelivery/reopen',
      'broker/backpressure/room-after-ack',
      'broker/barrier/nothing-pending',
      'broker/barrier/waits-for-ack',
      'broker/barrier/later-publish',
      'broker/barrier/flush',
      'broker/barrier/at-once',
      'broker/barrier/all-processes',
      'broker/malformed/reported',
      'broker/status/pending',
      'broker/abandon/another-process',
      'broker/abandon/takeover-fails',
    ],
  },
  {
    name: 'rejects a repeated acknowledgement',
    change: changeDeliveries((delivery) => {
      let isAcknowledged = false;
      return {
        ...delivery,
        async ack() {
          if (isAcknowledged) throw new Error('The delivery is already acknowledged.');
          isAcknowledged = true;
          await delivery.ack();
        },
      };
    }),
    fails: ['broker/ack/twice'],
  },
  {
    name: 'never aborts the signal of a delivery',
    change: changeDeliveries((delivery) => ({ ...delivery, signal: never })),
    fails: ['broker/ack/superseded'],
  },
  {
    name: 'ignores maxBytes',
    change: (broker) => ({ consume: ({ signal }) => broker.consume({ signal, maxBytes: 2 ** 40 }) }),
    fails: [
      'broker/consume/many-unacknowledged',
      'broker/consume/max-bytes',
      'broker/ack/any-order',
      'broker/ack/twice',
      'broker/redelivery/new-consumer',
      'broker/redelivery/reopen',
      'broker/abandon/settles-all',
    ],
  },
  {
    name: 'ignores the signal of a consumer',
    change: (broker) => ({ consume: (options) => broker.consume({ ...options, signal: never }) }),
    fails: ['broker/lifecycle/isolated', 'broker/consume/signal'],
  },
  {
    name: 'delivers each event only once',
    change: (broker, ids) =>
      changeDeliveries((delivery) => {
        const events = delivery.events.filter(({ id }) => !ids.has(id));
        for (const { id } of events) ids.add(id);
        return { ...delivery, events };
      })(broker),
    fails: [
      'broker/ack/any-order',
      'broker/ack/superseded',
      'broker/redelivery/new-consumer',
      'broker/redelivery/reopen',
      'broker/backpressure/room-after-ack',
      'broker/malformed/foreign-event',
    ],
  },
  {
    name: 'loses the last batch at close',
    change: (broker, lost) => {
      let last: readonly Event[] = [];
      return {
        async publish(events) {
          await broker.publish(events);
          last = events;
        },
        async close() {
          for (const { id } of last) lost.add(id);
          await broker.close();
        },
        ...changeDeliveries((delivery) => ({
          ...delivery,
          events: delivery.events.filter(({ id }) => !lost.has(id)),
        }))(broker),
      };
    },
    fails: ['broker/redelivery/reopen', 'broker/redelivery/nothing-consumed'],
  },
  {
    name: 'drops events when it is full',
    change: (broker) => ({ publish: (events) => broker.publish(events).catch(() => {}) }),
    fails: [
      'broker/lifecycle/closed-rejects',
      'broker/backpressure/full-takes-nothing',
      'broker/backpressure/room-after-ack',
    ],
  },
  {
    name: 'accepts the part of a batch that fits',
    change: (broker) => ({
      async publish(events) {
        const { capacityBytes = 0, pendingBytes } = broker.status();
        if (pendingBytes < capacityBytes - 300_000) return broker.publish(events);
        for (const event of events) await broker.publish([event]);
      },
    }),
    fails: ['broker/backpressure/full-takes-nothing'],
  },
  {
    name: 'stays full after acknowledgements',
    change: (broker) => {
      let fault: unknown;
      return {
        async publish(events) {
          if (fault !== undefined && events.length > 1) throw fault;
          await broker.publish(events).catch((error: unknown) => {
            if (events.length > 1) fault = error;
            throw error;
          });
        },
      };
    },
    fails: ['broker/backpressure/room-after-ack'],
  },
];
