import { VigilantError } from '@vigilant/core';
import type { DiagnosticSink } from '@vigilant/core';
import type { KafkaClient, TopicDescription } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';

const PARTITIONS = 4;

/** Messages on the control topic matter for seconds. */
const CONTROL_SETTINGS = { 'retention.ms': '3600000', 'cleanup.policy': 'delete' };

/** What matters of the topic of events. */
export interface TopicFacts {
  /** A confirmed record is on more than one machine. */
  readonly isReplicated: boolean;
  /** How long records are kept, in milliseconds; `undefined` for ever. */
  readonly retentionMs: number | undefined;
}

/** Makes sure that both topics are there and fit. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` when one cannot be used */
export async function prepareTopics(
  client: KafkaClient,
  options: ResolvedKafkaOptions,
  diagnostics: DiagnosticSink,
  onCreated: () => void,
): Promise<TopicFacts> {
  const { topic, controlTopic, createTopic } = options;
  if (createTopic !== false) {
    const { partitions = PARTITIONS, replicationFactor, settings = {} } = createTopic;
    const replicas = replicationFactor === undefined ? {} : { replicationFactor };
    const isNew = await client.createTopic(topic, { partitions, settings, ...replicas });
    if (isNew) onCreated();
    await client.createTopic(controlTopic, { partitions: 1, settings: CONTROL_SETTINGS, ...replicas });
  }
  const description = await client.describeTopic(topic);
  return judge(description, options, diagnostics);
}

function judge(
  { settings, replicationFactor }: TopicDescription,
  { topic, maxRequestBytes }: ResolvedKafkaOptions,
  diagnostics: DiagnosticSink,
): TopicFacts {
  const numberOf = (name: string): number | undefined => {
    const text = settings.get(name);
    return text === undefined ? undefined : Number(text);
  };
  if ((settings.get('cleanup.policy') ?? '').includes('compact'))
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `Topic ${topic} is compacted, which would delete events before they are stored. Set its cleanup.policy to delete, or name another topic.`,
    );
  const maxMessage = numberOf('max.message.bytes');
  if (maxMessage !== undefined && maxMessage < maxRequestBytes)
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `Topic ${topic} takes at most ${maxMessage} bytes at once (max.message.bytes), maxRequestBytes is ${maxRequestBytes}. Raise the one or lower the other.`,
    );
  const minInSync = numberOf('min.insync.replicas') ?? 1;
  const isReplicated = replicationFactor > 1 && minInSync > 1;
  if (!isReplicated)
    diagnostics({
      ...{ level: 'warn', component: 'kafka', code: 'topic-not-replicated' },
      message: `Topic ${topic} has ${replicationFactor} replica(s) and min.insync.replicas ${minInSync}: accepted events are held by one machine. Two of each make them survive its loss.`,
    });
  const retention = numberOf('retention.ms');
  return { isReplicated, retentionMs: retention === undefined || retention < 0 ? undefined : retention };
}
