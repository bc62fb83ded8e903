import { VigilantError, isVigilantError } from '@vigilant/core';
import { optionError, reasonOf } from '@vigilant/core/adapter';
import { UnsupportedBroker } from './api-versions';

/** Remedies for error codes of Kafka's protocol. */
const REMEDIES: Readonly<Record<string, string>> = {
  GROUP_COORDINATOR_NOT_AVAILABLE:
    'The group coordinator is not available. On a cluster of one node the usual cause is offsets.topic.replication.factor above 1. If the cluster has access lists, the user may lack Read on the group.',
  NOT_COORDINATOR_FOR_GROUP: 'The group coordinator has moved to another node.',
  TOPIC_AUTHORIZATION_FAILED:
    'Allow this user Read, Write and Describe on the topic and on its control topic.',
  GROUP_AUTHORIZATION_FAILED: 'Allow this user Read on the consumer group.',
  CLUSTER_AUTHORIZATION_FAILED:
    'Allow this user to create topics, or create them yourself and set createTopic to false.',
  SASL_AUTHENTICATION_FAILED: 'Check the user name and the password.',
  UNKNOWN_TOPIC_OR_PARTITION: 'The topic does not exist. Create it, or do not set createTopic to false.',
  MESSAGE_TOO_LARGE: "Lower maxRequestBytes, or raise the topic's max.message.bytes.",
  NOT_ENOUGH_REPLICAS: "Fewer replicas are in sync than the topic's min.insync.replicas requires.",
  INVALID_CONFIG: 'Check createTopic.settings.',
  INVALID_REPLICATION_FACTOR: 'createTopic.replicationFactor must not exceed the number of nodes.',
  FENCED_INSTANCE_ID: 'Another server joined the group with the same instanceId. Give each server its own.',
  UNSUPPORTED_SASL_MECHANISM: 'Use a sasl.mechanism that the listener supports.',
};

/** Error codes of the protocol by the names of errors that kafkajs throws in their place. */
const TYPES: Readonly<Record<string, string>> = {
  KafkaJSGroupCoordinatorNotFound: 'GROUP_COORDINATOR_NOT_AVAILABLE',
};

/** Error codes that persist until an administrator changes something. */
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
  /** Errors of a request for several topics. */
  readonly errors?: readonly Error[];
}

/** Translates an error of kafkajs. The message begins with `what` and ends with a remedy, if there is one. */
export function translateError(error: unknown, what: string): VigilantError {
  if (isVigilantError(error)) return error;
  const failure = innermost(error);
  if (isVigilantError(failure)) return rewrap(failure, error, what);
  if (failure instanceof UnsupportedBroker) return unsupported(failure, error, what);
  const type = failure.type ?? TYPES[failure.name] ?? '';
  const isFinal = failure.name === 'KafkaJSSASLAuthenticationError' || FINAL.has(type);
  const remedy = REMEDIES[type];
  const kind = type === '' ? '' : ` (${type})`;
  const message = `${what}: ${failure.message.replace(/\.$/, '')}${kind}.${remedy === undefined ? '' : ` ${remedy}`}`;
  return new VigilantError('VIGILANT_BROKER_UNAVAILABLE', message, { cause: error, retryable: !isFinal });
}

/** Returns an error of ours that passed through kafkajs, with a message that begins with `what`. */
function rewrap(
  { code, message, retryable, violations }: VigilantError,
  cause: unknown,
  what: string,
): VigilantError {
  return new VigilantError(code, `${what}: ${message}`, { cause, retryable, violations });
}

function unsupported(failure: UnsupportedBroker, cause: unknown, what: string): VigilantError {
  const advice = failure.isNotForClients
    ? 'The address is not a client listener. It is probably a controller port.'
    : 'Supported versions are Kafka 2.1 to 4.x.';
  const message = `${what}: the node and this client have no version in common (${failure.message}). ${advice}`;
  const reason = 'must be the client listeners of a supported version of Kafka';
  return optionError(message, { field: 'brokers', code: 'invalid_value', reason }, cause);
}

/** Returns the innermost cause of an error, whose `type` is an error code of the protocol. Errors of retries and of requests for several topics wrap others. */
export function innermost(error: unknown): Failure {
  let failure: Failure = error instanceof Error ? error : new Error(reasonOf(error));
  for (let depth = 0; depth < 5 && failure.type === undefined && !isVigilantError(failure); depth += 1) {
    const inner = failure.errors?.[0] ?? failure.cause;
    if (!(inner instanceof Error)) break;
    failure = inner;
  }
  return failure;
}
