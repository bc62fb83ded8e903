import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { onTestFinished } from 'vitest';
import type { KafkaCluster } from '../../../../scripts/services/kafka-cluster.mjs';
import { eventually } from './engine';

/** Manages the partitions of a cluster's topics. */
export interface ClusterAdmin {
  /** Creates a topic whose partitions have these replicas, the leader first. */
  createTopic(
    topic: string,
    replicas: readonly (readonly number[])[],
    settings?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Moves a partition to other nodes and waits until the first of them leads it. */
  move(topic: string, partition: number, replicas: readonly number[]): Promise<void>;
  /** Resolves to the number of records that were written to a topic. */
  end(topic: string): Promise<number>;
  /** Resolves to the nodes that hold a partition, its leader first. */
  replicasOf(topic: string, partition: number): Promise<readonly number[]>;
  partitionCount(topic: string): Promise<number>;
  /** Raises the number of partitions to `count`. */
  addPartitions(topic: string, count: number): Promise<void>;
  /** Waits until every replica of every topic is in sync. */
  healed(): Promise<void>;
}

/** Connects an admin client, which disconnects when the test ends. */
export async function createClusterAdmin({ addresses }: KafkaCluster): Promise<ClusterAdmin> {
  const kafka = new kafkajs.Kafka({ brokers: [...addresses], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  const isLedBy = async (topic: string, partition: number, node: number | undefined): Promise<boolean> =>
    (await partitionsOf(admin, [topic])).some(
      (each) => each.partitionId === partition && each.leader === node,
    );
  return {
    async createTopic(topic, replicas, settings = {}) {
      await admin.createTopics({
        waitForLeaders: true,
        topics: [
          {
            topic,
            replicaAssignment: replicas.map((nodes, partition) => ({ partition, replicas: [...nodes] })),
            configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
          },
        ],
      });
    },
    async move(topic, partition, replicas) {
      const partitionAssignment = [{ partition, replicas: [...replicas] }];
      await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
      await eventually(`partition ${partition} moves`, 30_000, () => isLedBy(topic, partition, replicas[0]));
    },
    async end(topic) {
      return (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
    },
    async replicasOf(topic, partition) {
      const found = (await partitionsOf(admin, [topic])).find(({ partitionId }) => partitionId === partition);
      const { leader = -1, replicas = [] } = found ?? {};
      return [leader, ...replicas.filter((node) => node !== leader)];
    },
    partitionCount: async (topic) => (await partitionsOf(admin, [topic])).length,
    async addPartitions(topic, count) {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
    },
    async healed() {
      await eventually('all replicas are in sync', 60_000, async () =>
        (await partitionsOf(admin)).every(({ isr, replicas }) => isr.length === replicas.length),
      );
    },
  };
}

async function partitionsOf(admin: Admin, topics?: string[]) {
  const metadata = await admin.fetchTopicMetadata(topics === undefined ? undefined : { topics });
  return metadata.topics.flatMap(({ partitions }) => partitions);
}

/** Reads the id of every record of a topic, repeats included. */
export async function idsIn(cluster: KafkaCluster, topic: string): Promise<readonly string[]> {
  const kafka = new kafkajs.Kafka({ brokers: [...cluster.addresses], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId: `${topic}-${Date.now()}`, maxWaitTimeInMs: 200 });
  const ids: string[] = [];
  await Promise.all([admin.connect(), consumer.connect()]);
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const count = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { value } }) =>
        void ids.push((JSON.parse(String(value)) as { id: string }).id),
    });
    await eventually('the whole topic is read', 30_000, async () => ids.length >= count);
    return ids;
  } finally {
    await Promise.all([admin.disconnect(), consumer.disconnect()]);
  }
}
