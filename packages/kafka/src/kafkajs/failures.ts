import { VigilantError, isVigilantError } from '@vigilant/core';
import { UnsupportedBroker } from './api-versions';

/** Errors of a broker's protocol, and what to do about them. */
const REMEDIES: Readonly<Record<string, string>> = {
  GROUP_COORDINATOR_NOT_AVAILABLE:
    'The group coordinator is missing. On a cluster of one broker the usual cause is offsets.topic.replication.factor above 1; with access lists it may be a missing right to read the group.',
  NOT_COORDINATOR_FOR_GROUP: 'The group coordinator has just moved.',
  TOPIC_AUTHORIZATION_FAILED:
    'Allow this user Read, Write, Describe and DescribeConfigs on the topic and on its control topic.',
  GROUP_AUTHORIZATION_FAILED:
    'Allow this user Read on the consumer group and on groups that begin with its name.',
  CLUSTER_AUTHORIZATION_FAILED:
    'Allow this user to create topics, or create them and set createTopic to false.',
  SASL_AUTHENTICATION_FAILED: 'Check the user name and the password.',
  UNKNOWN_TOPIC_OR_PARTITION: 'The topic does not exist: create it, or leave createTopic as it is.',
  MESSAGE_TOO_LARGE: "Lower maxRequestBytes, or raise the topic's max.message.bytes.",
  NOT_ENOUGH_REPLICAS: "Fewer replicas are in sync than the topic's min.insync.replicas asks for.",
  INVALID_CONFIG: 'Check createTopic.settings.',
  INVALID_REPLICATION_FACTOR: 'createTopic.replicationFactor is at most the number of brokers.',
  FENCED_INSTANCE_ID: 'Another server joined the group with the same instanceId. Give each server its own.',
  UNSUPPORTED_SASL_MECHANISM: 'Choose a sasl.mechanism that the listener offers.',
};

/** Errors of kafkajs's own that stand for one of the protocol. */
const TYPES: Readonly<Record<string, string>> = {
  KafkaJSGroupCoordinatorNotFound: 'GROUP_COORDINATOR_NOT_AVAILABLE',
};

/** Those that no later try can mend without an operator. */
const FINAL = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'MESSAGE_TOO_LARGE',
  'INVALID_CONFIG',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_PARTITIONS',
]);

interface Failure extends Error {
  readonly type?: string;
  readonly cause?: unknown;
  /** Of several topics; we ask for one. */
  readonly errors?: readonly Error[];
}

/** Says what an error of kafkajs means and what to do. */
export function translate(error: unknown, what: string): VigilantError {
  if (isVigilantError(error)) return error;
  const failure = innermost(error);
  if (failure instanceof UnsupportedBroker) return unsupported(failure, error, what);
  const type = failure.type ?? TYPES[failure.name] ?? '';
  const isFinal = failure.name === 'KafkaJSSASLAuthenticationError' || FINAL.has(type);
  const remedy = REMEDIES[type];
  const kind = type === '' ? '' : ` (${type})`;
  const message = `${what}: ${failure.message.replace(/\.$/, '')}${kind}.${remedy === undefined ? '' : ` ${remedy}`}`;
  return new VigilantError('VIGILANT_BROKER_UNAVAILABLE', message, { cause: error, retryable: !isFinal });
}

/** No version of a request suits both sides: no later try mends that. */
function unsupported(failure: UnsupportedBroker, cause: unknown, what: string): VigilantError {
  const guess = failure.isNoClientListener
    ? 'This is not a listener for clients: most likely the port of a controller was given.'
    : 'This version of Kafka does not fit kafkajs 2.2.4; Kafka 2.1 to 4.x does.';
  const message = `${what}: it has no version in common with this client (${failure.message}). ${guess}`;
  return new VigilantError('VIGILANT_OPTIONS_INVALID', message, { cause, retryable: false });
}

/** Retries wrap what went wrong, and so does an answer for several topics; the last of the causes says it. */
function innermost(error: unknown): Failure {
  let failure: Failure = error instanceof Error ? error : new Error(String(error));
  for (let depth = 0; depth < 5 && failure.type === undefined; depth += 1) {
    const inner = failure.errors?.[0] ?? failure.cause;
    if (!(inner instanceof Error)) break;
    failure = inner;
  }
  return failure;
}
