import { expect, it, vi } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createAdmin } from './support/admin';
import { eventOf, openBroker } from './support/broker';
import { createTopicName } from './support/kafka';

describeWithService('kafka', 'the option key', (address) => {
  it('selects the same partition after a restart, without a warning of kafkajs', async () => {
    const printed = vi.spyOn(process.stderr, 'write');
    const topic = createTopicName();
    const admin = await createAdmin(address);
    const options = { brokers: [address], topic, key: 'source', createTopic: { partitions: 8 } } as const;
    const sources = Array.from({ length: 12 }, (_, n) => `source-${n}`);

    /** Publishes two events of each source. Resolves to the partitions that received them. */
    const partitionsBySource = async (): Promise<Record<string, readonly number[]>> => {
      const { broker, context } = await openBroker(options);
      const result: Record<string, readonly number[]> = {};
      for (const source of sources) {
        const before = await admin.ends(topic);
        await broker.publish([
          eventOf(crypto.randomUUID(), { source }),
          eventOf(crypto.randomUUID(), { source }),
        ]);
        const after = await admin.ends(topic);
        result[source] = after.flatMap((end, partition) =>
          end > (before[partition] ?? 0) ? [partition] : [],
        );
      }
      await broker.close();
      expect(context.reported.filter(({ message }) => /partitioner/i.test(message))).toEqual([]);
      return result;
    };

    const first = await partitionsBySource();
    expect(Object.values(first).every((partitions) => partitions.length === 1)).toBe(true);
    expect(new Set(Object.values(first).flat()).size).toBeGreaterThan(2);
    expect(await partitionsBySource()).toEqual(first);
    expect(printed).not.toHaveBeenCalled();
  }, 60_000);
});
