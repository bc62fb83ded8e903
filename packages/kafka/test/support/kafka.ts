import kafkajs from 'kafkajs';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { QUICK_JAVA, kafkaClassPath } from '../../../../scripts/services/kafka.mjs';

/** Returns a unique topic name. */
export function createTopicName(): string {
  return `test-${randomUUID()}`;
}

/** A producer of another application. */
export interface ExternalProducer {
  send(
    topic: string,
    values: readonly (Buffer | null)[],
    options?: { readonly partition?: number },
  ): Promise<void>;
  close(): Promise<void>;
}

/** Connects a producer of another application. */
export async function createProducer(address: string): Promise<ExternalProducer> {
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

/** Produces lines as one batch with the Java client of Kafka, into partition 0. */
export async function produceWithJava(
  address: string,
  topic: string,
  codec: 'gzip' | 'snappy' | 'lz4' | 'zstd',
  lines: readonly string[],
): Promise<void> {
  const program = fileURLToPath(new URL('../programs/Produce.java', import.meta.url));
  const args = [...QUICK_JAVA, '-cp', await kafkaClassPath(), program, address, topic, codec];
  const java = spawn('java', args);
  let text = '';
  java.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  java.stdin.end(lines.join('\n'));
  const [code] = (await once(java, 'close')) as [number];
  if (code !== 0) throw new Error(`The Java producer failed: ${text}`);
}
