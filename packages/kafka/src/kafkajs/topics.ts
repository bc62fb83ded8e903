import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import type { TopicDescription, TopicProperties } from '../contracts/kafka-client';
import { innermost } from './failures';

const DEFAULT_REPLICAS = 3;

/** Error codes of a cluster that does not allow a setting. */
const SETTING_REJECTED = ['INVALID_CONFIG', 'POLICY_VIOLATION'];

/** Error code of a user that may not do something with a topic. */
const NOT_ALLOWED = 'TOPIC_AUTHORIZATION_FAILED';

/** Creates a topic unless it exists; see `KafkaClient.createTopic`. */
export async function createTopic(
  admin: Admin,
  topic: string,
  properties: TopicProperties,
): Promise<boolean> {
  if ((await admin.listTopics()).includes(topic)) return false;
  const { brokers } = await admin.describeCluster();
  const replicationFactor = properties.replicationFactor ?? Math.min(DEFAULT_REPLICAS, brokers.length);
  const create = (settings: Readonly<Record<string, string>>): Promise<boolean> =>
    admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: properties.partitions,
          replicationFactor,
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  try {
    await create({ ...properties.preferredSettings(replicationFactor), ...properties.settings }).catch(
      (error: unknown) => {
        if (!SETTING_REJECTED.includes(innermost(error).type ?? '')) throw error;
        return create(properties.settings);
      },
    );
    return true;
  } catch (error) {
    // Another process may have created it.
    if (!(await admin.listTopics()).includes(topic)) throw error;
    return false;
  }
}

/** Reads the properties of a topic. */
export async function describeTopic(admin: Admin, topic: string): Promise<TopicDescription> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  return {
    replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: await readSettings(admin, topic),
  };
}

/** Reads the configuration of a topic. Resolves to `undefined` if this user may not read it. */
async function readSettings(admin: Admin, topic: string): Promise<TopicDescription['settings']> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
    });
    const entries = resources[0]?.configEntries ?? [];
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    if (innermost(error).type === NOT_ALLOWED) return undefined;
    throw error;
  }
}
