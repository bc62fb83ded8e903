export { createKafkaBroker } from './broker/kafka-broker';
export type {
  KafkaBrokerOptions,
  KafkaCompression,
  KafkaKey,
  KafkaSasl,
  KafkaTls,
  KafkaTopicOptions,
} from './contracts/kafka-options';
