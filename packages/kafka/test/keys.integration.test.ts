import { expect, it, vi } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createAdmin } from './support/admin';
import { eventOf, openBroker } from './support/broker';
import { createEngine, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

describeWithService('kafka', 'the partition of an event', (address) => {
  it('is shared by all events of a publish without the option key, and chosen in turn', async () => {
    const topic = createTopicName();
    const { vigilant } = createEngine({ brokers: [address], topic });
    const batches = [0, 1, 2, 3, 4, 5].map((batch) => Array.from({ length: 50 }, (_, n) => `${batch}-${n}`));
    for (const batch of batches) await vigilant.logBatch(batch.map((message) => ({ message })));
    const stored = await messagesOf(vigilant);
    const orderOf = (batch: readonly string[]): number => stored.indexOf(batch[0] ?? '');
    expect(stored).toEqual([...batches].sort((a, b) => orderOf(a) - orderOf(b)).flat());
    const ends = await (await createAdmin(address)).ends(topic);
    expect([...ends].sort((a, b) => a - b)).toEqual([50, 50, 100, 100]);
  }, 60_000);

  it('depends on the field of the option key, also after a restart, without a warning of kafkajs', async () => {
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
