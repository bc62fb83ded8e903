import type { Clock } from '@vigilant/core';
import type { KafkaClient, Offsets } from '../contracts/kafka-client';
import type { NotedEnds } from './noted-ends';
import { createNotedEnds } from './noted-ends';
import type { OpenTransaction, OpenTransactions } from './open-transactions';
import { createOpenTransactions } from './open-transactions';

/** Assumed size of an event before one is measured, in bytes. */
const DEFAULT_EVENT_BYTES = 300;

/** Weight of the latest events in the moving average of the size. */
const LATEST_WEIGHT = 0.2;

/** Tracks the ends of a topic and the committed offsets of its group. */
export interface GroupProgress {
  /** Reads ends and committed offsets from Kafka. Rejects if Kafka does not respond. */
  refresh(): Promise<void>;
  /** Reads the ends of the partitions. Resolves to the largest ends known: a smaller response does not lower them. */
  ends(): Promise<Offsets>;
  /** Reads the committed offsets of the group. */
  refreshCommitted(): Promise<void>;
  noteEnd(partition: number, end: number): void;
  noteCommitted(partition: number, offset: number): void;
  /** Updates the mean size of an event. */
  noteSize(events: number, bytes: number): void;
  /** Returns the offset at which the group continues. */
  positionOf(partition: number): number;
  /** Returns the number of uncommitted records below these ends, or below all known ones. */
  pending(through?: Offsets): number;
  /** Returns the estimated size of the uncommitted records. */
  pendingBytes(): number;
  /** Number of records that were deleted before the group committed them, by retention or with the topic. */
  readonly lost: number;
  /** Returns the transaction that blocks the group, if there is one; see `OpenTransactions`. */
  openTransaction(): OpenTransaction | undefined;
  /** Forgets all offsets, because the topic was created again. The records that were pending before count as lost. */
  restart(pendingBefore: number): void;
  /** Adds a listener that is called when committed offsets are known to have changed. Returns a function that removes it. */
  onChange(listener: () => void): () => void;
}

/** Creates the progress of a group on a topic. */
export function createGroupProgress(
  client: KafkaClient,
  group: string,
  topic: string,
  clock: Clock,
): GroupProgress {
  return new TopicProgress(client, group, topic, clock);
}

class TopicProgress implements GroupProgress {
  readonly #client: KafkaClient;
  readonly #group: string;
  readonly #topic: string;
  readonly #ends: NotedEnds;
  readonly #transactions: OpenTransactions;
  readonly #lows = new Map<number, number>();
  /** The first known start of each partition. */
  readonly #firstLows = new Map<number, number>();
  /** The last known committed offsets, which are kept after Kafka has dropped them. */
  readonly #lastCommitted = new Map<number, number>();
  /** The offsets up to which deleted records were counted. */
  readonly #countedLost = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  #committed = new Map<number, number>();
  #meanBytes = DEFAULT_EVENT_BYTES;
  #lost = 0;

  constructor(client: KafkaClient, group: string, topic: string, clock: Clock) {
    this.#client = client;
    this.#group = group;
    this.#topic = topic;
    this.#ends = createNotedEnds(clock);
    this.#transactions = createOpenTransactions(clock);
  }

  async refresh(): Promise<void> {
    await Promise.all([this.#refreshEnds(), this.refreshCommitted()]);
  }

  async ends(): Promise<Offsets> {
    await this.#refreshEnds();
    return new Map(this.#ends.all);
  }

  async refreshCommitted(): Promise<void> {
    const lowsBefore = new Map(this.#lows);
    this.#committed = new Map(await this.#client.committed(this.#group, this.#topic));
    for (const [partition, offset] of this.#committed) this.#lastCommitted.set(partition, offset);
    this.#countDeleted(lowsBefore);
    this.#notify();
  }

  noteEnd(partition: number, end: number): void {
    this.#ends.note(partition, end);
  }

  noteCommitted(partition: number, offset: number): void {
    this.#committed.set(partition, offset);
    this.#lastCommitted.set(partition, offset);
    this.#notify();
  }

  noteSize(events: number, bytes: number): void {
    if (events > 0) this.#meanBytes += (bytes / events - this.#meanBytes) * LATEST_WEIGHT;
  }

  positionOf(partition: number): number {
    return Math.max(this.#committed.get(partition) ?? 0, this.#lows.get(partition) ?? 0);
  }

  pending(through: Offsets = this.#ends.all): number {
    let sum = 0;
    for (const [partition, end] of through) sum += Math.max(0, end - this.positionOf(partition));
    return sum;
  }

  pendingBytes(): number {
    return Math.round(this.pending() * this.#meanBytes);
  }

  get lost(): number {
    return this.#lost;
  }

  openTransaction(): OpenTransaction | undefined {
    return this.#transactions.longest();
  }

  restart(pendingBefore: number): void {
    this.#lost += pendingBefore;
    for (const partition of this.#ends.all.keys()) this.#forget(partition);
    this.#ends.clear();
    this.#lows.clear();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #refreshEnds(): Promise<void> {
    const before = new Map(this.#ends.all);
    const ranges = await this.#client.ranges(this.#topic);
    for (const partition of this.#ends.read(ranges, before)) {
      this.#lost += Math.max(0, (before.get(partition) ?? 0) - this.positionOf(partition));
      this.#forget(partition);
    }
    this.#transactions.read(ranges);
    for (const { partition, low } of ranges) {
      this.#lows.set(partition, low);
      if (!this.#firstLows.has(partition)) this.#firstLows.set(partition, low);
    }
  }

  /** Counts the records that were deleted before they were committed. The lows must be older than the committed offsets. */
  #countDeleted(lows: Offsets): void {
    for (const [partition, low] of lows) {
      const position = this.#lastCommitted.get(partition) ?? this.#firstLows.get(partition) ?? low;
      const from = Math.max(position, this.#countedLost.get(partition) ?? 0);
      if (low <= from) continue;
      this.#lost += low - from;
      this.#countedLost.set(partition, low);
    }
  }

  /** Forgets a partition that was created again. */
  #forget(partition: number): void {
    for (const known of [this.#committed, this.#lastCommitted, this.#firstLows, this.#countedLost])
      known.delete(partition);
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
