import type { RetentionPolicy } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { expiryTime } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';

/** The limits of retention. */
export type PrunePolicy = Omit<RetentionPolicy, 'signal'>;

/** What a step may delete. */
export interface PruneLimits {
  /** For each level, by rank, the time before which its events have expired, in microseconds. */
  readonly expiry: readonly number[];
  /** Number of events above the maximum. */
  readonly excessEvents: number;
  /** Bytes of events above the maximum. */
  readonly excessBytes: number;
  /** Events up to this sequence are not part of the bytes of the store. */
  readonly countedAfter: number;
}

/** What a step has deleted. */
export interface PruneStep {
  readonly deleted: number;
  /** Bytes of the deleted events that the store has counted. */
  readonly deletedBytes: number;
  /** The highest sequence that was deleted; 0 if none was. */
  readonly highest: number;
  /** The last sequence that was considered. */
  readonly through: number;
  /** Whether no later event can have expired. */
  readonly isLast: boolean;
}

/** Reads the current size of the store and compares it with a policy. */
export function readLimits(connection: SqliteConnection, policy: PrunePolicy): PruneLimits {
  const [events, eventBytes, countedAfter] = connection
    .prepare('SELECT events, event_bytes, counted_after FROM store')
    .get() as [number, number, number];
  return {
    expiry: LEVELS.map((level) => expiryTime(policy, level) * 1000),
    excessEvents: events - (policy.maxEvents ?? Infinity),
    excessBytes: eventBytes - (policy.maxBytes ?? Infinity),
    countedAfter,
  };
}
