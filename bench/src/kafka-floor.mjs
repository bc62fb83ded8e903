import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { inFlight, timed } from './measure.mjs';
import { createPace } from './rate.mjs';

const PARTITIONS = 4;
const LOOK_MS = 100;
const MOST_LOOKS = 100;

/** F5: kafkajs alone, its own defaults but for `acks=all`; records ready in memory. */
export function createKafkaFloor(address) {
  const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });

  /** Sends batches, so many in flight; gives the seconds. */
  const publish = async (topic, batches, most) => {
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const { seconds } = await timed(() =>
      inFlight(batches, most, (messages) => producer.send({ topic, acks: -1, messages })),
    );
    await producer.disconnect();
    return seconds;
  };

  /** Counts the messages of a topic; gives how many came a second. */
  const consume = async (topic, count) => {
    const consumer = kafka.consumer({ groupId: topic });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const pace = createPace();
    await new Promise((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        // Otherwise it begins again by itself, such as on a Kafka that has just started.
        if (!payload.restart) reject(payload.error);
      });
      const eachBatch = async ({ batch }) => {
        pace.add(batch.messages.length);
        if (pace.all >= count) resolve();
      };
      consumer.run({ eachBatch }).catch(reject);
    });
    await consumer.disconnect();
    return pace;
  };

  return { publish, consume };
}

/** Makes a topic as the broker would, and deletes it after the work with what the broker keeps beside it. */
export async function onTopic(address, topic, work) {
  const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await createTopic(admin, topic);
    return await work(topic);
  } finally {
    const ours = (await admin.listTopics()).filter((name) => name === topic || name === `${topic}.control`);
    await admin.deleteTopics({ topics: ours });
    await admin.disconnect();
  }
}

/** On a busy machine a topic is not known everywhere as soon as it is made. */
async function createTopic(admin, topic) {
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: PARTITIONS }] });
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const known = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    const partitions = known?.topics[0].partitions ?? [];
    if (partitions.length === PARTITIONS && partitions.every(({ leader }) => leader >= 0)) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`Kafka does not make topic ${topic}.`);
}
