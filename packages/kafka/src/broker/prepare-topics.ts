import type { DiagnosticSink } from '@vigilant/core';
import type { KafkaClient } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { TopicFacts } from './topic-facts';
import { checkTopic } from './topic-facts';

const DEFAULT_PARTITIONS = 4;

/** Configuration of the control topic, whose messages matter only for seconds. */
const CONTROL_SETTINGS = { 'retention.ms': '3600000', 'cleanup.policy': 'delete' };

/** Kafka deletes only segments that are closed, and closes the segment of a busy topic after 7 days by default. */
const CONTROL_SEGMENTS = { 'segment.ms': '600000' };

/** Keeps confirmed events when a machine fails. With three replicas, the topic stays available. */
const SAFE_WRITES = { 'min.insync.replicas': '2' };

/**
 * Creates both topics unless they exist, and checks the topic of events.
 *
 * @param onCreated - Called if this call creates the topic of events.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` if the topic cannot be used.
 */
export async function prepareTopics(
  client: KafkaClient,
  options: ResolvedKafkaOptions,
  diagnostics: DiagnosticSink,
  onCreated: () => void,
): Promise<TopicFacts> {
  const { topic, controlTopic, createTopic } = options;
  if (createTopic !== false) {
    const { partitions = DEFAULT_PARTITIONS, replicationFactor, settings = {} } = createTopic;
    const isNew = await client.createTopic(topic, {
      partitions,
      replicationFactor,
      settings,
      preferredSettings: (replicas) => (replicas >= 3 ? SAFE_WRITES : {}),
    });
    if (isNew) onCreated();
    await client.createTopic(controlTopic, {
      partitions: 1,
      replicationFactor,
      settings: CONTROL_SETTINGS,
      preferredSettings: () => CONTROL_SEGMENTS,
    });
  }
  return checkTopic(await client.describeTopic(topic), options, diagnostics);
}
