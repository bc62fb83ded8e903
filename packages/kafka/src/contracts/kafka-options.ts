import {
  checkCertificates,
  checkChoiceOption,
  checkIntegerOption,
  checkObjectOption,
  checkOptionKeys,
  checkTextOption,
  invalidOption,
  invalidSecretOption,
} from '@vigilant/core/adapter';
import type { Certificates } from '@vigilant/core/adapter';
import type { KafkaSasl } from './kafka-sasl';
import { checkSasl } from './kafka-sasl';

const MIB = 1024 * 1024;

/** Event field that selects the partition. Events with the same value keep their order if each publish is awaited before the next. */
export type KafkaKey = 'id' | 'origin' | 'source' | 'type' | 'group';

/** Compression of published records. */
export type KafkaCompression = 'none' | 'gzip' | 'snappy';

/** Options of `createKafkaBroker`. */
export interface KafkaBrokerOptions {
  /** Addresses of the cluster, each as `host:port` of a client listener. At least one. */
  readonly brokers: readonly string[];
  /** Topic of the events. @defaultValue `'vigilant'` */
  readonly topic?: string | undefined;
  /**
   * Topic on which the servers of one store coordinate. Not shared with the servers of another topic.
   * @defaultValue `<topic>.control`
   */
  readonly controlTopic?: string | undefined;
  /** Consumer group that all servers of one store share. A group reads one topic. @defaultValue the topic */
  readonly groupId?: string | undefined;
  /**
   * Name of this server: unique within the group, and the same after each restart.
   *
   * With a name, a killed server receives its partitions again as soon as it restarts. Without one it first waits for `sessionTimeoutMs`.
   * @defaultValue no name
   */
  readonly instanceId?: string | undefined;
  /** Client id that Kafka logs. @defaultValue `'vigilant'` */
  readonly clientId?: string | undefined;
  /**
   * Event field that is the key of the record and selects its partition.
   * @defaultValue none: the id is the key, and all events of one publish are in the same partition, which is chosen in turn
   */
  readonly key?: KafkaKey | undefined;
  /** Compression of published records. @defaultValue `'none'` */
  readonly compression?: KafkaCompression | undefined;
  /** Certificates, or `true` to trust the certificate authorities of the system. @defaultValue no TLS */
  readonly tls?: boolean | KafkaTls | undefined;
  /** Authentication. @defaultValue none */
  readonly sasl?: KafkaSasl | undefined;
  /** Properties of topics that do not exist and are created; `false` creates none. @defaultValue see `KafkaTopicOptions` */
  readonly createTopic?: KafkaTopicOptions | false | undefined;
  /** Maximum time that `publish` waits for confirmation, in milliseconds. @defaultValue 10000 */
  readonly publishTimeoutMs?: number | undefined;
  /** Maximum bytes of encoded events without confirmation. `publish` rejects more with `VIGILANT_BROKER_FULL`. @defaultValue 64 MiB */
  readonly maxPendingBytes?: number | undefined;
  /** Maximum bytes of a produce request, at most the topic's `max.message.bytes`. @defaultValue 900000 */
  readonly maxRequestBytes?: number | undefined;
  /**
   * Time without a heartbeat after which the other servers take over the partitions of a server, in milliseconds.
   *
   * The partitions of a killed server wait this long, even if it restarts sooner. @defaultValue 6000, the minimum that Kafka allows by default
   */
  readonly sessionTimeoutMs?: number | undefined;
  /** Maximum bytes of a batch of records after decompression. A larger batch becomes a dead letter. @defaultValue 64 MiB */
  readonly maxDecompressedBytes?: number | undefined;
}

/** Certificates in PEM format, and the name that the certificate of the server must have. */
export interface KafkaTls extends Certificates {
  /** Host name that the certificate must have. @defaultValue the host of the connection */
  readonly servername?: string | undefined;
}

/** Properties of a topic that is created. */
export interface KafkaTopicOptions {
  /** @defaultValue 4 */
  readonly partitions?: number | undefined;
  /** @defaultValue 3, at most the number of nodes */
  readonly replicationFactor?: number | undefined;
  /** Topic configuration by Kafka's names, such as `retention.ms`. @defaultValue none */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

type Defined<T> = { readonly [Name in keyof T]-?: Exclude<T[Name], undefined> };

/** Options with all defaults applied. */
export interface ResolvedKafkaOptions extends Defined<
  Omit<KafkaBrokerOptions, 'tls' | 'sasl' | 'instanceId' | 'key'>
> {
  readonly instanceId: string | undefined;
  readonly key: KafkaKey | undefined;
  readonly tls: boolean | KafkaTls;
  readonly sasl: KafkaSasl | undefined;
  readonly createTopic: KafkaTopicOptions | false;
}

/** Names of the options. */
export const KAFKA_OPTIONS = [
  'brokers',
  'topic',
  'controlTopic',
  'groupId',
  'instanceId',
  'clientId',
  'key',
  'compression',
  'tls',
  'sasl',
  'createTopic',
  'publishTimeoutMs',
  'maxPendingBytes',
  'maxRequestBytes',
  'sessionTimeoutMs',
  'maxDecompressedBytes',
] as const;
const TLS_OPTIONS = ['ca', 'cert', 'key', 'servername'] as const;
const KEYS = ['id', 'origin', 'source', 'type', 'group'] as const;
const COMPRESSIONS = ['none', 'gzip', 'snappy'] as const;
/** Kafka reserves names that start with `__`. */
const TOPIC_NAME = /^(?!__)[A-Za-z0-9._-]{1,200}$/;

/** Kafka stores a name in a file name. */
const NAME_LIMITS = { max: 249 };

/** Checks the options of a broker and applies the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveKafkaOptions(options: KafkaBrokerOptions): ResolvedKafkaOptions {
  checkOptionKeys('createKafkaBroker()', options, KAFKA_OPTIONS);
  const {
    topic = 'vigilant',
    controlTopic = `${topic}.control`,
    groupId = topic,
    instanceId,
    clientId = 'vigilant',
    key,
    compression = 'none',
    tls = false,
    sasl,
    createTopic = {},
    publishTimeoutMs = 10_000,
    maxPendingBytes = 64 * MIB,
    maxRequestBytes = 900_000,
    sessionTimeoutMs = 6_000,
    maxDecompressedBytes = 64 * MIB,
  } = options;
  checkTopicName('topic', topic);
  checkTopicName('controlTopic', controlTopic);
  if (controlTopic === topic)
    throw invalidOption('controlTopic', 'another topic than the option topic', controlTopic);
  return Object.freeze({
    brokers: checkBrokers(options.brokers),
    topic,
    controlTopic,
    groupId: checkName('groupId', groupId),
    instanceId: instanceId === undefined ? undefined : checkName('instanceId', instanceId),
    clientId: checkName('clientId', clientId),
    key: key === undefined ? undefined : checkChoiceOption('key', key, KEYS),
    compression: checkChoiceOption('compression', compression, COMPRESSIONS),
    tls: checkTls(tls),
    sasl: sasl === undefined ? undefined : checkSasl(sasl),
    createTopic: checkCreateTopic(createTopic),
    publishTimeoutMs: checkIntegerOption('publishTimeoutMs', publishTimeoutMs, 100, 600_000),
    maxPendingBytes: checkIntegerOption('maxPendingBytes', maxPendingBytes, MIB, 4_096 * MIB),
    maxRequestBytes: checkIntegerOption('maxRequestBytes', maxRequestBytes, 16_384, 64 * MIB),
    sessionTimeoutMs: checkIntegerOption('sessionTimeoutMs', sessionTimeoutMs, 6_000, 1_800_000),
    maxDecompressedBytes: checkIntegerOption('maxDecompressedBytes', maxDecompressedBytes, MIB, 1_024 * MIB),
  });
}

function checkTopicName(option: string, topic: unknown): void {
  if (typeof topic === 'string' && TOPIC_NAME.test(topic) && topic !== '.' && topic !== '..') return;
  const requirement = 'a name of 1 to 200 letters, digits, ".", "_" and "-" that does not start with "__"';
  throw invalidOption(option, requirement, topic);
}

/** Checks a name that appears in lines of Kafka's logs. */
function checkName(option: string, name: unknown): string {
  const text = checkTextOption(option, name, NAME_LIMITS);
  if (/\p{Cc}/u.test(text)) throw invalidOption(option, 'a string without control characters', text);
  return text;
}

function checkBrokers(brokers: unknown): readonly string[] {
  if (!Array.isArray(brokers) || brokers.length === 0)
    throw invalidOption('brokers', 'an array of at least one host:port', brokers);
  for (const [index, address] of brokers.entries())
    if (!isAddress(address)) {
      const path = `brokers[${index}]`;
      // The address may contain a password.
      if (String(address).includes('@')) throw invalidSecretOption(path, 'host:port', 'invalid_value');
      throw invalidOption(path, 'host:port', address);
    }
  return Object.freeze([...(brokers as string[])]);
}

function isAddress(value: unknown): boolean {
  const port = typeof value === 'string' ? /^[^\s:/@,[\]]+:(\d{1,5})$/.exec(value)?.[1] : undefined;
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}

function checkTls(tls: boolean | KafkaTls): boolean | KafkaTls {
  if (typeof tls === 'boolean') return tls;
  checkOptionKeys('tls', tls, TLS_OPTIONS);
  checkCertificates(tls);
  if (tls.servername !== undefined) checkTextOption('tls.servername', tls.servername, NAME_LIMITS);
  return Object.freeze({ ...tls });
}

function checkCreateTopic(createTopic: KafkaTopicOptions | false): KafkaTopicOptions | false {
  if (createTopic === false) return false;
  checkOptionKeys('createTopic', createTopic, ['partitions', 'replicationFactor', 'settings']);
  const { partitions, replicationFactor, settings = {} } = createTopic;
  if (partitions !== undefined) checkIntegerOption('createTopic.partitions', partitions, 1, 10_000);
  if (replicationFactor !== undefined)
    checkIntegerOption('createTopic.replicationFactor', replicationFactor, 1, 100);
  checkObjectOption('createTopic.settings', settings);
  for (const [name, value] of Object.entries(settings))
    if (typeof value !== 'string') throw invalidOption(`createTopic.settings.${name}`, 'a string', value);
  return Object.freeze({ ...createTopic });
}
