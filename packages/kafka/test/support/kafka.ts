import kafkajs from 'kafkajs';
import { randomUUID } from 'node:crypto';

/** A name that nobody else uses. */
export function createTopicName(): string {
  return `test-${randomUUID()}`;
}

/** A producer that knows nothing of us. */
export interface ForeignProducer {
  send(
    topic: string,
    values: readonly (Buffer | null)[],
    options?: { readonly partition?: number },
  ): Promise<void>;
  close(): Promise<void>;
}

/** Connects a producer of somebody else's. */
export async function createProducer(address: string): Promise<ForeignProducer> {
  const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    async send(topic, values, options = {}) {
      await producer.send({ topic, messages: values.map((value) => ({ value, ...options })) });
    },
    close: () => producer.disconnect(),
  };
}
