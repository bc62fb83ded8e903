import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, messagesOf } from './support/engine';
import { createProducer, createTopicName, produceWithJava } from './support/kafka';

const line = (message: string): string => JSON.stringify({ message });

// The largest limit of all brokers in a process applies, so this process runs no other broker.
describeWithService('kafka', 'maxDecompressedBytes', (address) => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'turns a larger batch of %s into one dead letter, and stores the following events',
    async (codec) => {
      const topic = createTopicName();
      const { vigilant } = createEngine({
        brokers: [address],
        topic,
        maxDecompressedBytes: 1024 * 1024,
        createTopic: { partitions: 1, settings: { 'max.message.bytes': '16000000' } },
      });
      await vigilant.open();
      const producer = await createProducer(address);
      await producer.send(topic, [Buffer.from(line('before'))], { partition: 0 });
      await produceWithJava(address, topic, codec, ['a'.repeat(3_000_000), 'b', 'c']);
      await producer.send(topic, [Buffer.from(line('after'))], { partition: 0 });
      await producer.close();
      expect(await messagesOf(vigilant)).toEqual(['before', 'after']);
      const { letters } = await vigilant.deadLetters.list();
      expect(letters).toMatchObject([{ reason: 'malformed', position: `${topic}/0/1-3` }]);
      expect(letters[0]?.message).toContain(codec);
    },
    60_000,
  );
});
