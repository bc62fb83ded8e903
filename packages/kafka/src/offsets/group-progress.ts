import type { Clock } from '@vigilant/core';
import type { KafkaClient } from '../contracts/kafka-client';
import { createNotedEnds } from './noted-ends';
import type { OpenTransaction } from './open-transactions';
import { createOpenTransactions } from './open-transactions';

/** Bytes of an event as long as none was seen. */
const TYPICAL_BYTES = 300;

/** Weight of what is new in the mean size of events. */
const NEW_WEIGHT = 0.2;

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, number>;

/** What is known of a topic and of how far its group is. */
export interface Progress {
  /** Asks Kafka where everything stands; rejects when it does not answer. */
  refresh(): Promise<void>;
  /** Reads the ends of the partitions. Resolves to the largest ends known: a smaller answer does not lower them. */
  ends(): Promise<Offsets>;
  /** Asks Kafka how far the group is. */
  refreshCommitted(): Promise<void>;
  noteEnd(partition: number, end: number): void;
  noteCommitted(partition: number, offset: number): void;
  /** Learns the size of some events. */
  noteSize(events: number, bytes: number): void;
  /** The offset that the group goes on from. */
  positionOf(partition: number): number;
  /** Records that are not yet committed, up to these ends or to all known ones. */
  pending(through?: Offsets): number;
  pendingBytes(): number;
  /** Number of records that were deleted before the group committed them, by retention or with the topic. */
  readonly lost: number;
  /** Returns the transaction that blocks the group, if there is one; see `OpenTransactions`. */
  openTransaction(): OpenTransaction | undefined;
  /** Forgets all offsets, because the topic was created again. The records that were pending before count as lost. */
  restart(pendingBefore: number): void;
  /** Calls back whenever the group has moved on; returns what ends that. */
  onChange(listener: () => void): () => void;
}

/** Creates the progress of a group on a topic. */
export function createProgress(client: KafkaClient, group: string, topic: string, clock: Clock): Progress {
  const ends = createNotedEnds(clock);
  const transactions = createOpenTransactions(clock);
  const lows = new Map<number, number>();
  /** Where each partition began when it was first seen. */
  const firstLows = new Map<number, number>();
  /** How far the group was when that was last known. */
  const finished = new Map<number, number>();
  const lostThrough = new Map<number, number>();
  const listeners = new Set<() => void>();
  let committed = new Map<number, number>();
  let meanBytes = TYPICAL_BYTES;
  let lost = 0;

  const notify = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const positionOf = (partition: number): number =>
    Math.max(committed.get(partition) ?? 0, lows.get(partition) ?? 0);
  /** Counts what is below these lows, which must be older than what is known of the group. */
  const countLost = (seenLows: Offsets): void => {
    for (const [partition, low] of seenLows) {
      const position = finished.get(partition) ?? firstLows.get(partition) ?? low;
      const from = Math.max(position, lostThrough.get(partition) ?? 0);
      if (low <= from) continue;
      lost += low - from;
      lostThrough.set(partition, low);
    }
  };
  /** Forgets a partition that was created again. */
  const forget = (partition: number): void => {
    for (const known of [committed, finished, firstLows, lostThrough]) known.delete(partition);
  };
  const refreshEnds = async (): Promise<void> => {
    const before = new Map(ends.all);
    const ranges = await client.ranges(topic);
    for (const partition of ends.read(ranges, before)) {
      lost += Math.max(0, (before.get(partition) ?? 0) - positionOf(partition));
      forget(partition);
    }
    transactions.read(ranges);
    for (const { partition, low } of ranges) {
      lows.set(partition, low);
      if (!firstLows.has(partition)) firstLows.set(partition, low);
    }
  };
  const refreshCommitted = async (): Promise<void> => {
    const seenLows = new Map(lows);
    committed = new Map(await client.committed(group, topic));
    for (const [partition, offset] of committed) finished.set(partition, offset);
    countLost(seenLows);
    notify();
  };
  const pending = (through: Offsets = ends.all): number => {
    let sum = 0;
    for (const [partition, end] of through) sum += Math.max(0, end - positionOf(partition));
    return sum;
  };

  return {
    async refresh() {
      await Promise.all([refreshEnds(), refreshCommitted()]);
    },
    async ends() {
      await refreshEnds();
      return new Map(ends.all);
    },
    refreshCommitted,
    noteEnd: (partition, end) => ends.note(partition, end),
    noteCommitted(partition, offset) {
      committed.set(partition, offset);
      finished.set(partition, offset);
      notify();
    },
    noteSize(events, bytes) {
      if (events > 0) meanBytes += (bytes / events - meanBytes) * NEW_WEIGHT;
    },
    positionOf,
    pending,
    pendingBytes: () => Math.round(pending() * meanBytes),
    get lost() {
      return lost;
    },
    openTransaction: () => transactions.longest(),
    restart(pendingBefore) {
      lost += pendingBefore;
      for (const partition of ends.all.keys()) forget(partition);
      ends.clear();
      lows.clear();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
