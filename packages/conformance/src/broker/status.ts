import assert from 'node:assert/strict';
import { totalEncodedSize } from '@vigilant/core/adapter';
import { sampleEvents } from '../samples';
import { ackAll } from './consumer';
import type { BrokerCase } from './fixture';

/** Status of a broker. */
export const statusCases: readonly BrokerCase[] = [
  {
    id: 'broker/status/pending',
    behaviour: 'reports unacknowledged events and bytes, and the time of the last progress',
    async run({ broker, consume, context }) {
      const started = context.clock.now();
      const events = sampleEvents(12);
      await broker.publish(events.slice(0, 6));
      await broker.publish(events.slice(6));
      const held = broker.status();
      assert.equal(held.pendingEvents, 12);
      assert.ok(held.pendingBytes >= totalEncodedSize(events) / 2);
      assert.ok((held.lastProgressAt ?? started) >= started);
      const deliveries = await consume(broker).until(12);
      assert.equal(
        broker.status().pendingEvents,
        12,
        'Delivered events must count as pending until they are acknowledged.',
      );
      await ackAll(deliveries);
      const empty = broker.status();
      assert.equal(empty.pendingEvents, 0);
      assert.equal(empty.pendingBytes, 0);
    },
  },
  {
    id: 'broker/status/not-blocked',
    behaviour: 'does not set isBlocked while it accepts and acknowledges events',
    async run({ broker, consume }) {
      const expectUnblocked = (): void => assert.notEqual(broker.status().isBlocked, true);
      expectUnblocked();
      const events = sampleEvents(3);
      await broker.publish(events);
      expectUnblocked();
      await ackAll(await consume(broker).until(3));
      expectUnblocked();
    },
  },
  {
    id: 'broker/status/not-volatile',
    behaviour: 'does not set isVolatile while its storage is intact',
    async run({ broker, consume }) {
      const expectKept = (): void => assert.notEqual(broker.status().isVolatile, true);
      expectKept();
      await broker.publish(sampleEvents(3));
      expectKept();
      await ackAll(await consume(broker).until(3));
      expectKept();
    },
  },
  {
    id: 'broker/status/durability',
    behaviour: 'reports at least the declared durability',
    async run({ broker }) {
      const { durability } = broker.status();
      if (durability === undefined) return;
      const ranks = ['memory', 'unsynced', 'disk', 'replicated'];
      assert.ok(ranks.indexOf(durability) >= ranks.indexOf(broker.capabilities.durability));
    },
  },
];
