import type { DiagnosticSink } from '@vigilant/core';
import { optionError } from '@vigilant/core/adapter';
import type { KafkaClient, TopicDescription } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';

const DEFAULT_PARTITIONS = 4;

/** Configuration of the control topic, whose messages matter only for seconds. */
const CONTROL_SETTINGS = { 'retention.ms': '3600000', 'cleanup.policy': 'delete' };

/** Properties of the topic of events. */
export interface TopicFacts {
  /** Whether a confirmed record is on more than one machine. */
  readonly isReplicated: boolean;
  /** Time after which records are deleted, in milliseconds; `undefined` if they are kept. */
  readonly retentionMs: number | undefined;
}

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
    const isNew = await client.createTopic(topic, { partitions, replicationFactor, settings });
    if (isNew) onCreated();
    await client.createTopic(controlTopic, { partitions: 1, replicationFactor, settings: CONTROL_SETTINGS });
  }
  return checkTopic(await client.describeTopic(topic), options, diagnostics);
}

function checkTopic(
  { settings, replicationFactor }: TopicDescription,
  { topic, maxRequestBytes }: ResolvedKafkaOptions,
  diagnostics: DiagnosticSink,
): TopicFacts {
  const numberOf = (name: string): number | undefined => {
    const text = settings.get(name);
    return text === undefined ? undefined : Number(text);
  };
  if ((settings.get('cleanup.policy') ?? '').includes('compact'))
    throw optionError(
      `Topic ${topic} is compacted, and compaction can delete events before they are stored. Set its cleanup.policy to delete, or use another topic.`,
      { field: 'topic', code: 'invalid_value', reason: 'must not be a compacted topic' },
    );
  const maxMessage = numberOf('max.message.bytes');
  if (maxMessage !== undefined && maxMessage < maxRequestBytes)
    throw optionError(
      `maxRequestBytes is ${maxRequestBytes}, but topic ${topic} accepts at most ${maxMessage} bytes per request (max.message.bytes). Lower maxRequestBytes or raise max.message.bytes.`,
      {
        field: 'maxRequestBytes',
        code: 'out_of_range',
        reason: 'must not exceed max.message.bytes of the topic',
        limit: maxMessage,
      },
    );
  const minInSync = numberOf('min.insync.replicas') ?? 1;
  const isReplicated = replicationFactor > 1 && minInSync > 1;
  if (!isReplicated)
    diagnostics({
      level: 'warn',
      component: 'kafka',
      code: 'topic-not-replicated',
      message: `Topic ${topic} has ${replicationFactor} replica(s) and min.insync.replicas ${minInSync}: an accepted event is on one machine only. Set both to at least 2 so that events survive the loss of a machine.`,
    });
  const retention = numberOf('retention.ms');
  return { isReplicated, retentionMs: retention === undefined || retention < 0 ? undefined : retention };
}
