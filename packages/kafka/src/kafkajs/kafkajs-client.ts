import kafkajs from 'kafkajs';
import type { Admin, KafkaConfig, SASLOptions } from 'kafkajs';
import type { DiagnosticSink } from '@vigilant/core';
import type { KafkaClient, TopicRecipe } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import { createAdmin } from './kafkajs-admin';
import { checkApiVersions } from './api-versions';
import { registerCodecs } from './compression';
import { startConsumer } from './kafkajs-consumer';
import { translate } from './failures';
import { endHungConnections } from './hung-connections';
import { watchIdleNodes } from './idle-nodes';
import { createLogCreator } from './logging';
import { createProducer } from './kafkajs-producer';
import { createSockets } from './sockets';
import { dropStaleBatches } from './stale-batches';
import { addStaticMembership } from './static-membership';
import { quietIdleConnections } from './idle-connections';

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;
const MOST_REPLICAS = 3;

/** Creates a client on kafkajs 2.2.4. */
export function createKafkajsClient(options: ResolvedKafkaOptions, diagnostics: DiagnosticSink): KafkaClient {
  quietIdleConnections();
  endHungConnections();
  checkApiVersions();
  dropStaleBatches();
  watchIdleNodes();
  addStaticMembership();
  registerCodecs(options.maxDecompressedBytes);
  const sockets = createSockets();
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    ...security(options),
    connectionTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    socketFactory: sockets.create,
    logCreator: createLogCreator(diagnostics),
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
  };
  const kafka = new kafkajs.Kafka(config);
  const producer = createProducer(kafka, options.compression);
  const admin = createAdmin(kafka, config);
  const stops = new Set<() => Promise<void>>();
  let connecting: Promise<void> | undefined;

  const connect = (): Promise<void> => {
    connecting ??= Promise.all([admin.connect(), producer.connect()]).then(
      () => {},
      (error: unknown) => {
        connecting = undefined;
        throw translate(error, `Kafka at ${options.brokers.join(', ')} cannot be reached`);
      },
    );
    return connecting;
  };

  /** What is asked of Kafka, with failures that say what was tried. */
  const ask = async <T>(what: string, question: () => Promise<T>): Promise<T> => {
    await connect();
    try {
      return await question();
    } catch (error) {
      throw translate(error, what);
    }
  };

  return {
    connect,
    createTopic: (topic, recipe) =>
      ask(`Kafka does not make topic ${topic}`, async () => {
        // One that has known a topic asks for nothing more once that is deleted.
        const fresh = kafka.admin({ retry: { retries: 1 } });
        await fresh.connect();
        try {
          return await createTopic(fresh, topic, recipe);
        } finally {
          await fresh.disconnect();
        }
      }),
    describeTopic: (topic) =>
      ask(`Kafka does not describe topic ${topic}`, async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = topics[0]?.partitions ?? [];
        const { resources } = await admin.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
        });
        const settings = (resources[0]?.configEntries ?? []).map(
          ({ configName, configValue }) => [configName, configValue] as const,
        );
        return {
          partitions: partitions.length,
          replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
          settings: new Map(settings),
        };
      }),
    ranges: (topic) => ask(`Kafka does not report the offsets of topic ${topic}`, () => admin.ranges(topic)),
    committed: (group, topic) =>
      ask(`Kafka does not tell the positions of group ${group}`, async () => {
        const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
        const known = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
        return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
      }),
    produce: (topic, records) =>
      ask(`Kafka did not accept the events for ${topic}`, () => producer.produce(topic, records)),
    consume(group) {
      const consumer = startConsumer(kafka, group);
      const stop = async (): Promise<void> => {
        stops.delete(stop);
        await consumer.stop();
      };
      stops.add(stop);
      return { ...consumer, stop };
    },
    async close(givenUp) {
      const disconnected = Promise.allSettled([
        ...[...stops].map((stop) => stop()),
        ...[admin.disconnect(), producer.disconnect()],
      ]);
      await Promise.race([disconnected, givenUp]);
      sockets.destroy();
    },
  };
}

async function createTopic(admin: Admin, topic: string, recipe: TopicRecipe): Promise<boolean> {
  if ((await admin.listTopics()).includes(topic)) return false;
  const { brokers } = await admin.describeCluster();
  const { partitions, settings } = recipe;
  const replicationFactor = recipe.replicationFactor ?? Math.min(MOST_REPLICAS, brokers.length);
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          ...{ topic, numPartitions: partitions, replicationFactor },
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    return true;
  } catch (error) {
    // Somebody else may have been first.
    if (!(await admin.listTopics()).includes(topic)) throw error;
    return false;
  }
}

function security({ tls, sasl }: ResolvedKafkaOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(tls === false ? {} : { ssl: tls === true ? true : { ...tls } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
  };
}
