import { describe, expect, it } from 'vitest';
import { prepareTopics } from '../../src/broker/prepare-topics';
import type { KafkaClient } from '../../src/contracts/kafka-client';
import { resolveKafkaOptions } from '../../src/contracts/kafka-options';

/** A client of a cluster whose topic has these settings. */
function clientOf(settings: Readonly<Record<string, string>>): KafkaClient {
  const topic = { replicationFactor: 1, settings: new Map(Object.entries(settings)) };
  return { describeTopic: async () => topic } as unknown as KafkaClient;
}

describe('prepareTopics', () => {
  const options = resolveKafkaOptions({ brokers: ['127.0.0.1:9092'], createTopic: false });

  it.each([
    ['a compacted topic', { 'cleanup.policy': 'compact,delete' }, { field: 'topic', code: 'invalid_value' }],
    [
      'a topic with a smaller limit',
      { 'max.message.bytes': '1000' },
      { field: 'maxRequestBytes', code: 'out_of_range', limit: 1000 },
    ],
  ])('rejects %s and names the option', async (_, settings, violation) => {
    const prepared = prepareTopics(
      clientOf(settings),
      options,
      () => {},
      () => {},
    );
    await expect(prepared).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      violations: [violation],
    });
  });
});
