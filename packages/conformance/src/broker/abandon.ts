import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import { createTestContext } from '../context';
import { sampleEvent, sampleEvents } from '../samples';
import { abortAfter, isComplete, never, settles } from '../waiting';
import { drainUntil, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

/** Behaviour after the engine stops waiting for `close`, for example because the process will be killed. */
export const abandonCases: readonly BrokerCase[] = [
  {
    id: 'broker/abandon/settles-all',
    behaviour: 'settles every pending operation, including close, when the signal of its context is aborted',
    async run({ broker, context, consume, within }) {
      for (let batch = 0; batch < 2; batch += 1) await broker.publish(sampleEvents(5));
      const consumer = consume(broker, { maxBytes: 1 });
      const [delivery] = await consumer.until(10);
      const watching = (await broker.watch({ signal: never }))[Symbol.asyncIterator]().next();
      const barrier = broker.barrier({ signal: never });
      await settles(barrier, 20);
      const publishing = Array.from({ length: 20 }, () => broker.publish(sampleEvents(50)));
      const acknowledging = delivery?.ack();
      context.abort();
      const settled = Promise.allSettled([barrier, watching, acknowledging, ...publishing]);
      await within('close', broker.close());
      await within('the end of the deliveries', consumer.ended());
      for (const result of await within('the end of the pending operations', settled))
        if (result.status === 'rejected')
          assert.ok(
            isVigilantError(result.reason),
            `A pending operation rejected with ${String(result.reason)}, not a VigilantError.`,
          );
      assert.equal(await isComplete(barrier), false, 'A barrier that the signal ended must not be complete.');
    },
  },
  {
    id: 'broker/abandon/keeps-accepted',
    behaviour: 'keeps each batch whose publish resolved before the signal of its context was aborted',
    needs: ['durable'],
    async run({ broker, context, consume, another, within }) {
      const batches = Array.from({ length: 20 }, () => sampleEvents(5));
      const publishing = Promise.allSettled(batches.map((batch) => broker.publish(batch)));
      await broker.publish([sampleEvent()]);
      context.abort();
      await within('close', broker.close());
      const results = await within('the end of each publish', publishing);
      const again = await another(createTestContext());
      const last = sampleEvent();
      await again.publish([last]);
      const delivered = new Set(idsOf(await consume(again).untilId(last.id)));
      for (const [index, batch] of batches.entries())
        if (results[index]?.status === 'fulfilled')
          for (const { id } of batch) assert.ok(delivered.has(id), 'An accepted batch was lost.');
    },
  },
  {
    id: 'broker/abandon/another-process',
    behaviour: 'takes over the events of a process that ended without close before a barrier completes',
    needs: ['shared'],
    async run({ broker, another, consume, within }) {
      const context = createTestContext();
      const other = await another(context);
      const events = sampleEvents(50);
      await other.publish(events);
      const consumer = consume(broker);
      context.abort();
      const barrier = broker.barrier({ signal: never });
      const delivered = await within('a consumer', drainUntil(consumer, barrier));
      assert.equal((await barrier).complete, true);
      const missing = events.filter(({ id }) => !delivered.includes(id));
      assert.deepEqual(missing, [], 'A barrier was complete before everything was delivered.');
    },
  },
  {
    id: 'broker/abandon/takeover-fails',
    behaviour: 'retries a takeover whose write fails before it completes a barrier',
    needs: ['shared', 'failWrites'],
    async run({ broker, another, consume, harness, within, patienceMs }) {
      const context = createTestContext();
      const other = await another(context);
      const events = sampleEvents(50);
      await other.publish(events);
      // This process leaves no events. Its removal must not prevent the takeover of the other process.
      await another(context);
      const failing = harness.failWrites?.() ?? Promise.resolve();
      context.abort();
      do {
        const barrier = broker.barrier({ signal: abortAfter(patienceMs / 20) });
        assert.equal(
          await within('a barrier at its signal', isComplete(barrier)),
          false,
          'A barrier was complete before anything was delivered.',
        );
      } while (!(await settles(failing, 0)));
      const consumer = consume(broker);
      const barrier = broker.barrier({ signal: never });
      const delivered = await within('a consumer', drainUntil(consumer, barrier));
      assert.equal((await barrier).complete, true);
      const missing = events.filter(({ id }) => !delivered.includes(id));
      assert.deepEqual(missing, [], 'A barrier was complete before everything was delivered.');
    },
  },
];
