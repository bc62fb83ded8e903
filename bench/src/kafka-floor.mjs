import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { inFlight, timed } from './measure.mjs';
import { createRateMeter } from './rate.mjs';

const PARTITIONS = 4;
const POLL_MS = 100;
const MAX_POLLS = 100;

/** F5: kafkajs alone, with its defaults except `acks=all`. The records are prepared in memory. */
export function createKafkaFloor(address) {
  const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });

  /** Sends batches, at most `concurrency` at a time, and returns the seconds. */
  const publish = async (topic, batches, concurrency) => {
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const { seconds } = await timed(() =>
      inFlight(batches, concurrency, (messages) => producer.send({ topic, acks: -1, messages })),
    );
    await producer.disconnect();
    return seconds;
  };

  /** Consumes `count` messages of a topic and returns their rate. */
  const consume = async (topic, count) => {
    const consumer = kafka.consumer({ groupId: topic });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const meter = createRateMeter();
    await new Promise((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        // Otherwise kafkajs restarts the consumer, for example on a Kafka server that has just started.
        if (!payload.restart) reject(payload.error);
      });
      const eachBatch = async ({ batch }) => {
        meter.add(batch.messages.length);
        if (meter.count >= count) resolve();
      };
      consumer.run({ eachBatch }).catch(reject);
    });
    await consumer.disconnect();
    return meter;
  };

  return { publish, consume };
}

/** Creates a topic like the broker, runs a function, then deletes the topic and its control topic. */
export async function onTopic(address, topic, work) {
  const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await createTopic(admin, topic);
    return await work(topic);
  } finally {
    const topics = (await admin.listTopics()).filter((name) => name === topic || name === `${topic}.control`);
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  }
}

/** Creates a topic and waits until every partition has a leader, which takes a moment on a busy machine. */
async function createTopic(admin, topic) {
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: PARTITIONS }] });
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const known = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    const partitions = known?.topics[0].partitions ?? [];
    if (partitions.length === PARTITIONS && partitions.every(({ leader }) => leader >= 0)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`Kafka did not create the topic "${topic}" within ${(MAX_POLLS * POLL_MS) / 1000} s.`);
}
