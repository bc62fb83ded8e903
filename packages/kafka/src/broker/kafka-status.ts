import type { Clock } from '@vigilant/core';
import type { ConsumerHealth } from '../consume/group-consumer';
import type { OpenTransaction } from '../offsets/open-transactions';

/** Time without a response after which the consumer is blocked, in milliseconds. Kafka answers each fetch within a second. */
const SILENT_MS = 5_000;

/** State of a broker that is connected to Kafka. */
export interface ConnectedState {
  readonly clock: Clock;
  /** `undefined` while the engine does not consume. */
  readonly consumer: ConsumerHealth | undefined;
  /** Time after which the topic deletes records, in milliseconds; `undefined` if it keeps them. */
  readonly retentionMs: number | undefined;
  /** Time since the last announcement of another server, in milliseconds; `undefined` unless it is too long. */
  readonly serverSilenceMs: number | undefined;
  /** Number of events that the topic deleted before they were stored. */
  readonly lostEvents: number;
  readonly openTransaction: OpenTransaction | undefined;
  readonly topic: string;
}

/** Returns whether this server cannot receive events at present, and so cannot acknowledge any. */
export function isConsumerBlocked(clock: Clock, consumer: ConsumerHealth | undefined): boolean {
  if (consumer === undefined) return false;
  if (consumer.failureReason !== undefined) return true;
  return consumer.isMember && clock.monotonic() - consumer.lastActivity > SILENT_MS;
}

/** Returns why a connected broker is degraded, or `undefined` if it is not. */
export function degradedReason(state: ConnectedState): string | undefined {
  const { openTransaction, serverSilenceMs, lostEvents, topic } = state;
  const consumerReason = consumerDegradedReason(state);
  if (consumerReason !== undefined) return consumerReason;
  if (openTransaction !== undefined) {
    const { partition, openMs, waiting } = openTransaction;
    return `Another producer has had an open transaction in partition ${partition} of topic ${topic} for ${seconds(openMs)}: ${waiting} records wait until it ends.`;
  }
  if (serverSilenceMs !== undefined)
    return `Another server of the group has not announced itself for ${seconds(serverSilenceMs)}. The events of its partitions wait until other servers take them over.`;
  if (lostEvents > 0)
    return `The topic deleted ${lostEvents} events before they were stored. Raise its retention.ms.`;
  return undefined;
}

function consumerDegradedReason({ clock, consumer, retentionMs }: ConnectedState): string | undefined {
  if (consumer === undefined) return undefined;
  if (consumer.failureReason !== undefined) return consumer.failureReason;
  const silentMs = clock.monotonic() - consumer.lastActivity;
  if (silentMs > SILENT_MS && consumer.isMember)
    return `Kafka has not answered a fetch for ${seconds(silentMs)}.`;
  if (silentMs > SILENT_MS)
    return `This server has waited for ${seconds(silentMs)} to join the group. The group waits for a killed member until its session expires.`;
  const waitingMs = clock.now() - (consumer.oldestTimestamp ?? Infinity);
  if (retentionMs !== undefined && waitingMs > retentionMs / 2)
    return `An event has waited for ${seconds(waitingMs)}. The topic deletes it after ${seconds(retentionMs)} (retention.ms).`;
  return undefined;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
