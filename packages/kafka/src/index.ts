export { createKafkaBroker } from './kafka-broker';
export type {
  KafkaBrokerOptions,
  KafkaCompression,
  KafkaKey,
  KafkaSasl,
  KafkaTls,
  KafkaTopicOptions,
} from './options';
