import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, messagesOf } from './support/engine';
import { createProducer, createTopicName, produceWithJava } from './support/kafka';

const line = (message: string): string => JSON.stringify({ message });

describeWithService('kafka', 'createKafkaBroker with records of other producers', (address) => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'stores records that are compressed with %s',
    async (codec) => {
      const topic = createTopicName();
      const { vigilant } = createEngine({ brokers: [address], topic, createTopic: { partitions: 1 } });
      await vigilant.open();
      const lines = Array.from({ length: 300 }, (_, index) => `${codec} ${index} ${'a'.repeat(index)}`);
      await produceWithJava(address, topic, codec, lines.map(line));
      expect(await messagesOf(vigilant)).toEqual(lines);
    },
    60_000,
  );

  it('stores each event once, with or without an id, and lists other records as dead letters with their positions', async () => {
    const topic = createTopicName();
    const first = createEngine({ brokers: [address], topic, createTopic: { partitions: 2 } });
    await first.vigilant.open();
    const producer = await createProducer(address);
    const good = Array.from({ length: 20 }, (_, index) =>
      Buffer.from(JSON.stringify({ message: `${index}`, ...(index % 2 === 0 ? { id: `id-${index}` } : {}) })),
    );
    for (const [index, value] of good.entries()) {
      await producer.send(topic, [value], { partition: index % 2 });
      if (index === 10)
        await producer.send(topic, [Buffer.from('{{{'), null, Buffer.alloc(900_000)], { partition: 0 });
    }
    await producer.close();
    expect([...(await messagesOf(first.vigilant))].sort()).toEqual(good.map((_, index) => `${index}`).sort());
    const { letters } = await first.vigilant.deadLetters.list();
    expect(letters.map(({ position }) => position).sort()).toEqual([
      `${topic}/0/6`,
      `${topic}/0/7`,
      `${topic}/0/8`,
    ]);
    // A group without committed offsets receives every record again.
    const again = createEngine(
      { brokers: [address], topic, groupId: `${topic}-again` },
      { store: first.store, intervalMs: 200 },
    );
    await again.vigilant.open();
    await again.vigilant.flush({ timeoutMs: 20_000 });
    const status = await again.vigilant.status();
    expect(status.store?.events).toBe(20);
    expect(status.scheduler).toMatchObject({ duplicates: 20, stored: 0 });
  }, 60_000);
});
