import type { BrokerStatus, DiagnosticSink } from '@vigilant/core';
import { optionError } from '@vigilant/core/adapter';
import type { TopicDescription } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';

/** The durability that holds for every topic: Kafka confirms a record before an fsync. */
export const LOWEST_DURABILITY = 'unsynced';

/** Properties of the topic of events. */
export interface TopicFacts {
  readonly durability: NonNullable<BrokerStatus['durability']>;
  /** Time after which records are deleted, in milliseconds; `undefined` if they are kept or it is unknown. */
  readonly retentionMs: number | undefined;
}

/** Returns the properties of a topic that can be used. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkTopic(
  { settings, replicationFactor }: TopicDescription,
  options: ResolvedKafkaOptions,
  diagnostics: DiagnosticSink,
): TopicFacts {
  const warn = (code: string, message: string): void =>
    diagnostics({ level: 'warn', component: 'kafka', code, message });
  const { topic } = options;
  if (settings === undefined) {
    warn(
      'topic-not-described',
      `The configuration of topic ${topic} is unknown, because this user lacks the right DescribeConfigs. The lowest durability is reported, "${LOWEST_DURABILITY}". Compaction, retention and size limits are not checked.`,
    );
    return { durability: LOWEST_DURABILITY, retentionMs: undefined };
  }
  checkSettings(settings, options);
  const minInSync = numberOf(settings, 'min.insync.replicas') ?? 1;
  const durability = durabilityOf(replicationFactor, minInSync, numberOf(settings, 'flush.messages'));
  if (durability === LOWEST_DURABILITY)
    warn(
      'topic-not-replicated',
      `Topic ${topic} has ${replicationFactor} replica(s) and min.insync.replicas ${minInSync}: an accepted event may be in the memory of one machine only, and is lost if that machine crashes. Set both to at least 2.`,
    );
  const retention = numberOf(settings, 'retention.ms') ?? -1;
  return { durability, retentionMs: retention < 0 ? undefined : retention };
}

/** Returns what a record survives once all in-sync replicas have it. */
function durabilityOf(
  replicationFactor: number,
  minInSync: number,
  flushMessages: number | undefined,
): TopicFacts['durability'] {
  if (replicationFactor > 1 && minInSync > 1) return 'replicated';
  return flushMessages === 1 ? 'disk' : LOWEST_DURABILITY;
}

function checkSettings(
  settings: ReadonlyMap<string, string>,
  { topic, maxRequestBytes }: ResolvedKafkaOptions,
): void {
  if ((settings.get('cleanup.policy') ?? '').includes('compact'))
    throw optionError(
      `Topic ${topic} is compacted, and compaction can delete events before they are stored. Set its cleanup.policy to delete, or use another topic.`,
      { field: 'topic', code: 'invalid_value', reason: 'must not be a compacted topic' },
    );
  const maxMessage = numberOf(settings, 'max.message.bytes');
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
}

function numberOf(settings: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = settings.get(name);
  return text === undefined ? undefined : Number(text);
}
