import { VigilantError } from '@vigilant/core';

const MIB = 1024 * 1024;

/** Which field of an event is the key of its record. Records of one key keep their order, if each publish is awaited before the next. */
export type KafkaKey = 'id' | 'origin' | 'source' | 'type' | 'group';

/** How published records are compressed. */
export type KafkaCompression = 'none' | 'gzip' | 'snappy';

/** Options of `createKafkaBroker`. */
export interface KafkaBrokerOptions {
  /** Where to find the cluster, each as `host:port` of a client listener. At least one. */
  readonly brokers: readonly string[];
  /** Holds the events; on `<topic>.control` beside it servers talk to one another. @defaultValue `'vigilant'` */
  readonly topic?: string;
  /** The consumer group that all servers on one store share. One group reads one topic. @defaultValue the topic */
  readonly groupId?: string;
  /**
   * The name of this server in the group: unique within the group, and the same after each restart.
   *
   * With a name, a killed server gets its partitions back as soon as it restarts. Without one it first waits for `sessionTimeoutMs`.
   * @defaultValue no name
   */
  readonly instanceId?: string;
  /** How this process names itself to Kafka. @defaultValue `'vigilant'` */
  readonly clientId?: string;
  /** @defaultValue `'id'` */
  readonly key?: KafkaKey;
  /** @defaultValue `'none'` */
  readonly compression?: KafkaCompression;
  /** `true` trusts the system's authorities. @defaultValue no TLS */
  readonly tls?: boolean | KafkaTls;
  /** @defaultValue no authentication */
  readonly sasl?: KafkaSasl;
  /** How a topic that does not exist is made; `false` makes none. */
  readonly createTopic?: KafkaTopicOptions | false;
  /** How long `publish` waits for the confirmation, in milliseconds. @defaultValue 10000 */
  readonly publishTimeoutMs?: number;
  /** Most bytes of encoded events that wait for their confirmation; beyond that `publish` refuses. @defaultValue 64 MiB */
  readonly maxPendingBytes?: number;
  /** Most bytes of a produce request. It must not pass the topic's `max.message.bytes`. @defaultValue 900000 */
  readonly maxRequestBytes?: number;
  /**
   * How long a server may send no heartbeat before the other servers take over its partitions, in milliseconds.
   *
   * After a server is killed, its partitions wait this long, even if it restarts sooner. @defaultValue 6000, the minimum that Kafka allows by default
   */
  readonly sessionTimeoutMs?: number;
  /** Most bytes that a compressed batch of records may expand to; a larger one is a dead letter. @defaultValue 64 MiB */
  readonly maxDecompressedBytes?: number;
}

/** Certificates, each as PEM. */
export interface KafkaTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** @defaultValue the host that is connected to */
  readonly servername?: string;
}

/** Credentials. */
export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How to make a topic. */
export interface KafkaTopicOptions {
  /** @defaultValue 4 */
  readonly partitions?: number;
  /** @defaultValue 3, or as many brokers as there are */
  readonly replicationFactor?: number;
  /** Settings of the topic by Kafka's names, such as `retention.ms`. @defaultValue none */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Options with nothing left open. */
export interface ResolvedKafkaOptions extends Required<
  Omit<KafkaBrokerOptions, 'tls' | 'sasl' | 'instanceId'>
> {
  readonly instanceId: string | undefined;
  readonly controlTopic: string;
  readonly tls: boolean | KafkaTls;
  readonly sasl: KafkaSasl | undefined;
  readonly createTopic: KafkaTopicOptions | false;
}

const KEYS = ['id', 'origin', 'source', 'type', 'group'] as const;
const COMPRESSIONS = ['none', 'gzip', 'snappy'] as const;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const TOPIC_NAME = /^[A-Za-z0-9._-]{1,200}$/;

/** Checks the options of a broker and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveOptions(options: KafkaBrokerOptions): ResolvedKafkaOptions {
  checkKeys('', options, [
    'brokers',
    'topic',
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
  ]);
  const {
    topic = 'vigilant',
    groupId = topic,
    instanceId,
    clientId = 'vigilant',
    tls = false,
    sasl,
  } = options;
  if (typeof topic !== 'string' || !TOPIC_NAME.test(topic) || topic === '.' || topic === '..')
    throw invalid('topic', 'a name of up to 200 letters, digits, ".", "_" and "-"', topic);
  if (typeof tls !== 'boolean') checkKeys('tls.', tls, ['ca', 'cert', 'key', 'servername']);
  return Object.freeze({
    brokers: checkBrokers(options.brokers),
    topic,
    controlTopic: `${topic}.control`,
    groupId: checkText('groupId', groupId),
    instanceId: instanceId === undefined ? undefined : checkText('instanceId', instanceId),
    clientId: checkText('clientId', clientId),
    key: oneOf('key', options.key ?? 'id', KEYS),
    compression: oneOf('compression', options.compression ?? 'none', COMPRESSIONS),
    tls,
    sasl: sasl === undefined ? undefined : checkSasl(sasl),
    createTopic: checkTopic(options.createTopic ?? {}),
    publishTimeoutMs: integer('publishTimeoutMs', options.publishTimeoutMs ?? 10_000, 100, 600_000),
    maxPendingBytes: integer('maxPendingBytes', options.maxPendingBytes ?? 64 * MIB, MIB, 4_096 * MIB),
    maxRequestBytes: integer('maxRequestBytes', options.maxRequestBytes ?? 900_000, 16_384, 64 * MIB),
    sessionTimeoutMs: integer('sessionTimeoutMs', options.sessionTimeoutMs ?? 6_000, 6_000, 1_800_000),
    maxDecompressedBytes: integer(
      'maxDecompressedBytes',
      options.maxDecompressedBytes ?? 64 * MIB,
      MIB,
      1_024 * MIB,
    ),
  });
}

function checkBrokers(brokers: unknown): readonly string[] {
  const isAddress = (value: unknown): boolean => {
    const port = typeof value === 'string' ? /^[^\s:/@,[\]]+:(\d{1,5})$/.exec(value)?.[1] : undefined;
    return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
  };
  if (!Array.isArray(brokers) || brokers.length === 0)
    throw invalid('brokers', 'a list of at least one host:port', brokers);
  const wrong = brokers.findIndex((each) => !isAddress(each));
  // It may hold a password, which is named, never shown.
  if (wrong >= 0)
    throw invalid(
      `brokers[${wrong}]`,
      'host:port',
      String(brokers[wrong]).includes('@') ? '(hidden)' : brokers[wrong],
    );
  return Object.freeze([...(brokers as string[])]);
}

function checkSasl(sasl: KafkaSasl): KafkaSasl {
  checkKeys('sasl.', sasl, ['mechanism', 'username', 'password']);
  oneOf('sasl.mechanism', sasl.mechanism, MECHANISMS);
  checkText('sasl.username', sasl.username);
  // A password is named, never shown.
  if (typeof sasl.password !== 'string') throw invalid('sasl.password', 'text', '(hidden)');
  return Object.freeze({ ...sasl });
}

function checkTopic(topic: KafkaTopicOptions | false): KafkaTopicOptions | false {
  if (topic === false) return false;
  checkKeys('createTopic.', topic, ['partitions', 'replicationFactor', 'settings']);
  const { settings = {} } = topic;
  checkObject('createTopic.settings', settings);
  if (topic.partitions !== undefined) integer('createTopic.partitions', topic.partitions, 1, 10_000);
  if (topic.replicationFactor !== undefined)
    integer('createTopic.replicationFactor', topic.replicationFactor, 1, 100);
  for (const [name, value] of Object.entries(settings))
    if (typeof value !== 'string') throw invalid(`createTopic.settings.${name}`, 'text', value);
  return Object.freeze({ ...topic });
}

function checkObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(name, 'an object', value);
}

function checkKeys(path: string, options: unknown, known: readonly string[]): void {
  checkObject(path.slice(0, -1) || 'options', options);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new VigilantError(
    'VIGILANT_OPTIONS_INVALID',
    `${path}${unknown} is no option; there are ${known.join(', ')}.`,
  );
}

function checkText(name: string, value: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= 249) return value;
  throw invalid(name, 'a text of 1 to 249 characters', value);
}

function oneOf<T extends string>(name: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value;
  throw invalid(name, `one of ${values.join(', ')}`, value);
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalid(name, `an integer from ${min} to ${max}`, value);
}

function invalid(name: string, what: string, value: unknown): VigilantError {
  return new VigilantError('VIGILANT_OPTIONS_INVALID', `${name} must be ${what}, not ${show(value)}.`);
}

function show(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
