import assert from 'node:assert/strict';
import type { Broker } from '@vigilant/core';
import type { NamedCall } from '../assert-closed';
import { assertClosed } from '../assert-closed';
import { sampleEvent, sampleEvents } from '../samples';
import { eventually, isComplete, never, within } from '../waiting';
import type { BrokerCase } from './fixture';

/** Calls of every method except `open`, `status` and `close`. */
function callsOf(broker: Broker): readonly NamedCall[] {
  return [
    ['publish', () => broker.publish([sampleEvent()])],
    ['publish of an empty batch', () => broker.publish([])],
    ['consume', async () => broker.consume({ signal: never })[Symbol.asyncIterator]().next()],
    ['watch', () => broker.watch({ signal: never })],
    ['barrier', () => broker.barrier({ signal: never })],
  ];
}

/** Opening, closing, and behaviour of a broker that is not open. */
export const lifecycleCases: readonly BrokerCase[] = [
  {
    id: 'broker/lifecycle/isolated',
    behaviour: 'starts empty, and two brokers of the harness share no data',
    async run({ broker, unopened, open, consume }) {
      const other = await open(await unopened());
      await broker.publish(sampleEvents(3));
      const consumer = consume(other);
      assert.equal(await consumer.hasNext(), false, 'create() must return an adapter with its own data.');
      await consumer.stop();
      assert.equal(other.status().pendingEvents, 0);
    },
  },
  {
    id: 'broker/lifecycle/capabilities',
    behaviour: 'declares valid, frozen capabilities',
    async run({ broker }) {
      const { capabilities } = broker;
      assert.ok(Object.isFrozen(capabilities), 'capabilities must be frozen.');
      assert.ok(['memory', 'unsynced', 'disk', 'replicated'].includes(capabilities.durability));
      assert.equal(typeof capabilities.shared, 'boolean');
      assert.equal(broker.capabilities, capabilities, 'capabilities must stay the same object.');
    },
  },
  {
    id: 'broker/lifecycle/closed-rejects',
    behaviour: 'rejects with VIGILANT_BROKER_CLOSED before open, while closing and after close',
    async run({ unopened, open, patienceMs }) {
      const broker = await unopened();
      await assertClosed('before open', callsOf(broker), 'VIGILANT_BROKER_CLOSED', patienceMs);
      assert.equal(broker.status().state, 'closed');
      await open(broker);
      assert.equal(broker.status().state, 'ready');
      await broker.publish([sampleEvent()]);
      const closing = broker.close();
      await assertClosed('while closing', callsOf(broker), 'VIGILANT_BROKER_CLOSED', patienceMs);
      await within(patienceMs, 'close', closing);
      await assertClosed('after close', callsOf(broker), 'VIGILANT_BROKER_CLOSED', patienceMs);
      assert.equal(broker.status().state, 'closed');
    },
  },
  {
    id: 'broker/lifecycle/close-twice',
    behaviour: 'resolves close if it is called twice, concurrently or before open',
    async run({ broker, unopened, within: soon }) {
      await soon('two concurrent closes', Promise.all([broker.close(), broker.close()]));
      await soon('a third close', broker.close());
      await soon('close before open', (await unopened()).close());
    },
  },
  {
    id: 'broker/lifecycle/close-delivers-nothing',
    behaviour: 'delivers nothing once close has begun, and ends pending operations',
    async run({ broker, consume, within: soon }) {
      for (let batch = 0; batch < 5; batch += 1) await broker.publish(sampleEvents(5));
      const consumer = consume(broker, { maxBytes: 1 });
      await consumer.next();
      const watching = (await broker.watch({ signal: never }))[Symbol.asyncIterator]().next();
      const barrier = isComplete(broker.barrier({ signal: never }));
      await soon('close', broker.close());
      await consumer.ended();
      assert.equal((await soon('the end of a watch', watching)).done, true);
      assert.equal(
        await soon('the end of a barrier', barrier),
        false,
        'A barrier that close ended must not be complete.',
      );
    },
  },
  {
    id: 'broker/lifecycle/close-wakes',
    behaviour: 'ends a consumer that waits for the next delivery when it closes',
    async run({ broker, consume, within: soon }) {
      const consumer = consume(broker);
      assert.equal(await consumer.hasNext(), false);
      await soon('close', broker.close());
      await consumer.ended();
    },
  },
  {
    id: 'broker/lifecycle/leaves-no-timer',
    behaviour: 'leaves no timer after close',
    async run({ broker, context, consume, patienceMs }) {
      await broker.publish(sampleEvents(10));
      const consumer = consume(broker);
      await consumer.until(10);
      await broker.watch({ signal: never });
      await broker.close();
      await eventually(patienceMs, 'no pending timer after close', () => context.pendingTimers === 0);
    },
  },
];
