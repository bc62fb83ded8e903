export { createKafkaBroker } from './broker/kafka-broker';
export type {
  KafkaBrokerOptions,
  KafkaCompression,
  KafkaKey,
  KafkaTls,
  KafkaTopicOptions,
} from './contracts/kafka-options';
export type {
  KafkaCredentials,
  KafkaCredentialsSasl,
  KafkaPasswordMechanism,
  KafkaPasswordSasl,
  KafkaSasl,
  KafkaToken,
  KafkaTokenSasl,
} from './contracts/kafka-sasl';
