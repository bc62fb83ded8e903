import kafkajs from 'kafkajs';
import { onTestFinished } from 'vitest';

/** Reads the state of topics and groups. */
export interface TestAdmin {
  /** Resolves to the end of each partition of a topic, in order. */
  ends(topic: string): Promise<readonly number[]>;
  /** Resolves to the committed offset of each partition, in order; -1 if there is none. */
  committed(group: string, topic: string): Promise<readonly number[]>;
  /** Resolves to the configuration of a topic that differs from that of its node. */
  settings(topic: string): Promise<Readonly<Record<string, string>>>;
  /** Resolves to the ids of the members of a group. A member that joins again has another one. */
  members(group: string): Promise<readonly string[]>;
}

/** An entry of a configuration, which the types of kafkajs describe only in part. */
interface ConfigEntry {
  readonly configName: string;
  readonly configValue: string;
  readonly configSource: number;
}

/** Connects an admin client, which disconnects when the test ends. */
export async function createAdmin(address: string): Promise<TestAdmin> {
  const admin = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  const inOrder = <T extends { readonly partition: number }>(list: readonly T[]): readonly T[] =>
    [...list].sort((a, b) => a.partition - b.partition);
  return {
    ends: async (topic) => inOrder(await admin.fetchTopicOffsets(topic)).map(({ high }) => Number(high)),
    async committed(groupId, topic) {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return inOrder(answer?.partitions ?? []).map(({ offset }) => Number(offset));
    },
    async settings(name) {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
      });
      const entries = (resources[0]?.configEntries ?? []) as unknown as readonly ConfigEntry[];
      return Object.fromEntries(
        entries
          .filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
          .map(({ configName, configValue }) => [configName, configValue]),
      );
    },
    async members(group) {
      const { groups } = await admin.describeGroups([group]);
      return (groups[0]?.members ?? []).map(({ memberId }) => memberId).sort();
    },
  };
}
