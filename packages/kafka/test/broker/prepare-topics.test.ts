import { describe, expect, it } from 'vitest';
import { prepareTopics } from '../../src/broker/prepare-topics';
import type { KafkaClient, TopicProperties } from '../../src/contracts/kafka-client';
import type { KafkaBrokerOptions } from '../../src/index';
import { resolveKafkaOptions } from '../../src/contracts/kafka-options';

/** Prepares the topics of a cluster without any, and returns the properties of those that are created. */
async function created(options: Partial<KafkaBrokerOptions>): Promise<Record<string, TopicProperties>> {
  const topics: Record<string, TopicProperties> = {};
  const client = {
    async createTopic(topic: string, properties: TopicProperties) {
      topics[topic] = properties;
      return true;
    },
    describeTopic: async () => ({ replicationFactor: 1, settings: new Map() }),
  } as unknown as KafkaClient;
  const resolved = resolveKafkaOptions({ brokers: ['127.0.0.1:9092'], topic: 'shop', ...options });
  await prepareTopics(
    client,
    resolved,
    () => {},
    () => {},
  );
  return topics;
}

describe('prepareTopics', () => {
  it('waits for two replicas of a topic with three or more', async () => {
    const topics = await created({});
    expect(topics['shop']?.preferredSettings(3)).toEqual({ 'min.insync.replicas': '2' });
    expect(topics['shop']?.preferredSettings(2)).toEqual({});
  });

  it('creates a control topic whose segments close, because Kafka deletes no open segment', async () => {
    const topics = await created({ controlTopic: 'coordination' });
    expect(Object.keys(topics)).toEqual(['shop', 'coordination']);
    expect(topics['coordination']?.preferredSettings(3)).toEqual({ 'segment.ms': '600000' });
  });

  it('creates no topic without createTopic', async () => {
    expect(await created({ createTopic: false })).toEqual({});
  });
});
