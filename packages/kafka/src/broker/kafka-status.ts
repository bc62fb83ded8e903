import type { Clock } from '@vigilant/core';
import type { ConsumptionHealth } from '../consume/group-consumer';
import type { OpenTransaction } from '../offsets/open-transactions';

/** After how long without an answer consuming counts as stuck, in milliseconds. Kafka answers each fetch within a second. */
const SILENT_MS = 5_000;

/** What is known of a broker that answers. */
export interface Signs {
  readonly clock: Clock;
  /** `undefined` while nobody consumes. */
  readonly consumption: ConsumptionHealth | undefined;
  /** How long the topic keeps records, in milliseconds; `undefined` for ever. */
  readonly retentionMs: number | undefined;
  /** How long another server has said nothing, in milliseconds, if that is too long. */
  readonly peerSilenceMs: number | undefined;
  /** Number of events that the topic deleted before they were stored. */
  readonly lostEvents: number;
  readonly openTransaction: OpenTransaction | undefined;
  readonly topic: string;
}

/** Returns whether this server cannot receive events at present, and so cannot acknowledge any. */
export function isConsumptionBlocked({ clock, consumption }: Pick<Signs, 'clock' | 'consumption'>): boolean {
  if (consumption === undefined) return false;
  if (consumption.trouble !== undefined) return true;
  return consumption.isMember && clock.monotonic() - consumption.lastActivity > SILENT_MS;
}

/** Says why a broker that answers works less than it should. */
export function findTrouble(signs: Signs): string | undefined {
  const { clock, consumption, retentionMs, peerSilenceMs, lostEvents, openTransaction, topic } = signs;
  if (consumption?.trouble !== undefined) return consumption.trouble;
  if (consumption !== undefined) {
    const silentMs = clock.monotonic() - consumption.lastActivity;
    if (silentMs > SILENT_MS && consumption.isMember)
      return `Kafka has answered no fetch for ${Math.round(silentMs / 1000)} s.`;
    if (silentMs > SILENT_MS)
      return `This server has waited for ${Math.round(silentMs / 1000)} s to join the group; a member that was killed is waited for as long as its session lasts.`;
    const waitingMs = clock.now() - (consumption.oldest ?? Infinity);
    if (retentionMs !== undefined && waitingMs > retentionMs / 2)
      return `An event has waited for ${Math.round(waitingMs / 1000)} s; the topic deletes it after ${Math.round(retentionMs / 1000)} s (retention.ms).`;
  }
  if (openTransaction !== undefined) {
    const { partition, openMs, waiting } = openTransaction;
    return `Another producer has had an open transaction in partition ${partition} of topic ${topic} for ${Math.round(openMs / 1000)} s: ${waiting} records wait until it ends.`;
  }
  if (peerSilenceMs !== undefined)
    return `A server of the group has been silent for ${Math.round(peerSilenceMs / 1000)} s; its share of the events waits until another takes over.`;
  if (lostEvents > 0)
    return `${lostEvents} events were deleted from the topic before they were stored: raise its retention.ms.`;
  return undefined;
}
