import kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig } from 'kafkajs';
import type { DiagnosticSink } from '@vigilant/core';
import type { ConnectionOptions } from 'node:tls';
import type {
  GroupOptions,
  KafkaClient,
  KafkaConsumer,
  Offsets,
  OutgoingRecord,
  PartitionEnd,
  PartitionRange,
  TopicDescription,
  TopicProperties,
} from '../contracts/kafka-client';
import type { KafkaTls, ResolvedKafkaOptions } from '../contracts/kafka-options';
import { checkApiVersions } from './api-versions';
import { createAuthentication } from './authentication';
import { registerCodecs } from './compression';
import { translateError } from './failures';
import { endHungConnections } from './hung-connections';
import { quietIdleConnections } from './idle-connections';
import { watchIdleNodes } from './idle-nodes';
import type { KafkajsAdmin } from './kafkajs-admin';
import { createKafkajsAdmin } from './kafkajs-admin';
import { startKafkajsConsumer } from './kafkajs-consumer';
import type { KafkajsProducer } from './kafkajs-producer';
import { createKafkajsProducer } from './kafkajs-producer';
import { createLogCreator } from './logging';
import { reauthenticateInTime } from './reauthentication';
import { checkResponseFrames } from './response-frames';
import type { Sockets } from './sockets';
import { createSockets } from './sockets';
import { dropStaleBatches } from './stale-batches';
import { addStaticMembership } from './static-membership';
import { endStoppedFetchers } from './stopped-runners';
import { createTopic, describeTopic } from './topics';

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;

/** Creates a client on kafkajs 2.2.4. */
export function createKafkajsClient(options: ResolvedKafkaOptions, diagnostics: DiagnosticSink): KafkaClient {
  quietIdleConnections();
  endHungConnections();
  checkResponseFrames();
  checkApiVersions();
  dropStaleBatches();
  watchIdleNodes();
  endStoppedFetchers();
  addStaticMembership();
  reauthenticateInTime();
  registerCodecs(options.maxDecompressedBytes);
  return new KafkajsClient(options, diagnostics);
}

class KafkajsClient implements KafkaClient {
  readonly #addresses: string;
  readonly #kafka: Kafka;
  readonly #sockets: Sockets = createSockets();
  readonly #admin: KafkajsAdmin;
  readonly #producer: KafkajsProducer;
  readonly #consumers = new Set<KafkaConsumer>();
  #connecting: Promise<void> | undefined;

  constructor(options: ResolvedKafkaOptions, diagnostics: DiagnosticSink) {
    this.#addresses = options.brokers.join(', ');
    const config: KafkaConfig = {
      clientId: options.clientId,
      brokers: [...options.brokers],
      ...securityOf(options),
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      socketFactory: this.#sockets.create,
      logCreator: createLogCreator(diagnostics),
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    };
    this.#kafka = new kafkajs.Kafka(config);
    this.#producer = createKafkajsProducer(this.#kafka, options.compression);
    this.#admin = createKafkajsAdmin(this.#kafka, config);
  }

  connect(): Promise<void> {
    this.#connecting ??= Promise.all([this.#admin.admin.connect(), this.#producer.connect()]).then(
      () => {},
      (error: unknown) => {
        this.#connecting = undefined;
        throw translateError(error, `Connecting to Kafka at ${this.#addresses} failed`);
      },
    );
    return this.#connecting;
  }

  createTopic(topic: string, properties: TopicProperties): Promise<boolean> {
    return this.#request(`Creating the Kafka topic ${topic} failed`, async () => {
      // A client that knows a topic sends no more requests once the topic is deleted.
      const admin = this.#kafka.admin({ retry: { retries: 1 } });
      await admin.connect();
      try {
        return await createTopic(admin, topic, properties);
      } finally {
        await admin.disconnect();
      }
    });
  }

  describeTopic(topic: string): Promise<TopicDescription> {
    return this.#request(`Reading the configuration of the Kafka topic ${topic} failed`, () =>
      describeTopic(this.#admin.admin, topic),
    );
  }

  ranges(topic: string): Promise<readonly PartitionRange[]> {
    return this.#request(`Reading the offsets of the Kafka topic ${topic} failed`, () =>
      this.#admin.ranges(topic),
    );
  }

  committed(group: string, topic: string): Promise<Offsets> {
    return this.#request(`Reading the committed offsets of the Kafka group ${group} failed`, async () => {
      const [answer] = await this.#admin.admin.fetchOffsets({ groupId: group, topics: [topic] });
      const known = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
      return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
    });
  }

  produce(topic: string, records: readonly OutgoingRecord[]): Promise<readonly PartitionEnd[]> {
    return this.#request(`Publishing to the Kafka topic ${topic} failed`, () =>
      this.#producer.produce(topic, records),
    );
  }

  consume(options: GroupOptions): KafkaConsumer {
    const { group, topics } = options;
    const what = group === undefined ? `topics ${topics.join(' and ')}` : `group ${group}`;
    const onEnd = (error: Error): void =>
      options.onEnd(translateError(error, `Consuming the Kafka ${what} failed`));
    const consumer = startKafkajsConsumer(this.#kafka, { ...options, onEnd });
    this.#consumers.add(consumer);
    return {
      pause: (topic) => consumer.pause(topic),
      resume: (topic) => consumer.resume(topic),
      seek: (topic, partition, offset) => consumer.seek(topic, partition, offset),
      stop: () => {
        this.#consumers.delete(consumer);
        return consumer.stop();
      },
    };
  }

  async close(givenUp: Promise<unknown>): Promise<void> {
    const disconnected = Promise.allSettled([
      ...[...this.#consumers].map((consumer) => consumer.stop()),
      this.#admin.admin.disconnect(),
      this.#producer.disconnect(),
    ]);
    await Promise.race([disconnected, givenUp]);
    this.#sockets.destroy();
  }

  /** Connects and sends a request. Rejects with an error that begins with `failure`. */
  async #request<T>(failure: string, send: () => Promise<T>): Promise<T> {
    await this.connect();
    try {
      return await send();
    } catch (error) {
      throw translateError(error, failure);
    }
  }
}

function securityOf({ tls, sasl }: ResolvedKafkaOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const security: Pick<KafkaConfig, 'ssl' | 'sasl'> = {};
  if (tls !== false) security.ssl = tls === true ? true : withoutUndefined(tls);
  if (sasl !== undefined) security.sasl = createAuthentication(sasl);
  return security;
}

/** Returns the given options only, because an option that is present but undefined replaces a default of Node.js. */
function withoutUndefined(tls: KafkaTls): ConnectionOptions {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
