import assert from 'node:assert/strict';
import type { Delivery } from '@vigilant/core';
import { sampleEvent } from '../samples';
import { ackAll, idsOf } from './consumer';
import type { BrokerCase } from './fixture';

/** Records that are not events. */
const RECORDS = [
  '',
  'not json',
  '{"message":1}',
  '{"v":1}',
  '[]',
  '\u0000',
  '{"message":"no level","level":"LOUD"}',
];

const malformedOf = (deliveries: readonly Delivery[]): readonly Delivery['malformed'][number][] =>
  deliveries.flatMap(({ malformed }) => malformed);

/** Records from other producers. */
export const malformedCases: readonly BrokerCase[] = [
  {
    id: 'broker/malformed/reported',
    behaviour: 'delivers malformed records with bytes, position and reason, and continues after them',
    needs: ['external'],
    async run({ broker, harness, consume }) {
      const before = sampleEvent();
      const last = sampleEvent();
      await broker.publish([before]);
      for (const record of RECORDS) await harness.publishExternal?.(Buffer.from(record));
      await broker.publish([last]);
      const first = consume(broker);
      const deliveries = await first.untilId(last.id);
      assert.deepEqual([...idsOf(deliveries)].sort(), [before.id, last.id].sort());
      const malformed = malformedOf(deliveries);
      assert.deepEqual(
        malformed.map(({ bytes }) => Buffer.from(bytes).toString()).sort(),
        [...RECORDS].sort(),
      );
      assert.equal(new Set(malformed.map(({ position }) => position)).size, RECORDS.length);
      for (const { position, reason } of malformed) assert.ok(position !== '' && reason !== '');
      await ackAll(deliveries);
      await first.stop();
      const next = sampleEvent();
      await broker.publish([next]);
      const again = await consume(broker).untilId(next.id);
      assert.deepEqual(malformedOf(again), [], 'An acknowledged record was delivered again.');
    },
  },
  {
    id: 'broker/malformed/foreign-event',
    behaviour: 'decodes a record from another producer to the same event each time',
    needs: ['external'],
    async run({ broker, harness, consume }) {
      await harness.publishExternal?.(
        Buffer.from('{"message":"from elsewhere","level":"warning","data":{"a":1}}'),
      );
      const first = consume(broker);
      const [event] = (await first.until(1)).flatMap(({ events }) => events);
      assert.equal(event?.message, 'from elsewhere');
      assert.equal(event?.level, 'WARN');
      await first.stop();
      const [again] = (await consume(broker).until(1)).flatMap(({ events }) => events);
      assert.deepEqual({ ...again }, { ...event });
    },
  },
];
