import type { KafkaBrokerOptions, KafkaCompression, KafkaTopicOptions } from '@vigilant/kafka';
import { readSasl } from './kafka-sasl';
import { readTls } from './tls-settings';
import type { Variables } from './variables';

const CREATE_TOPICS = 'VIGILANT_KAFKA_CREATE_TOPICS';
const PARTITIONS = 'VIGILANT_KAFKA_PARTITIONS';
const REPLICATION = 'VIGILANT_KAFKA_REPLICATION';

/** Options of the Kafka broker that come from the environment. */
export interface KafkaSettings extends KafkaBrokerOptions {
  readonly topic: string;
}

/** Reads the options of the Kafka broker. @throws {Error} that names the variable or the file that is wrong */
export function readKafkaSettings(variables: Variables): KafkaSettings {
  const topic = variables.text('VIGILANT_KAFKA_TOPIC', 'vigilant');
  const tls = readTls(variables, 'VIGILANT_KAFKA_TLS', []);
  return {
    brokers: variables.list('VIGILANT_KAFKA_BROKERS', '127.0.0.1:9092', 'host:port'),
    topic,
    controlTopic: variables.optional('VIGILANT_KAFKA_CONTROL_TOPIC'),
    groupId: variables.text('VIGILANT_KAFKA_GROUP', topic),
    instanceId: variables.optional('VIGILANT_KAFKA_INSTANCE'),
    key: variables.optionalChoice('VIGILANT_KAFKA_KEY', ['id', 'origin', 'source', 'type', 'group']),
    compression: variables.choice<KafkaCompression>('VIGILANT_KAFKA_COMPRESSION', ['none', 'gzip', 'snappy']),
    createTopic: readCreateTopic(variables),
    tls: tls && { ca: tls.ca, cert: tls.cert, key: tls.key },
    sasl: readSasl(variables),
  };
}

function readCreateTopic(variables: Variables): KafkaTopicOptions | false {
  const partitions = variables.optionalInteger(PARTITIONS, 1, 10_000);
  const replicationFactor = variables.optionalInteger(REPLICATION, 1, 100);
  if (variables.choice(CREATE_TOPICS, ['true', 'false']) === 'true') return { partitions, replicationFactor };
  const misplaced = [PARTITIONS, REPLICATION].find((name) => variables.optional(name) !== undefined);
  if (misplaced === undefined) return false;
  throw new Error(`${misplaced} has no effect with ${CREATE_TOPICS}=false. Remove one of them.`);
}
