import type { Clock } from '@vigilant/core';
import type { Assignment, Offsets } from '../contracts/kafka-client';
import type { OffsetCommitter } from './offset-committer';
import type { PartitionDeliveries } from './partition-deliveries';
import { createPartitionDeliveries } from './partition-deliveries';

/** Time after which a flush request expires, in milliseconds. A barrier that still waits repeats its request. */
const FLUSH_MS = 2_000;

/** A flush request for a partition. */
interface FlushRequest {
  readonly end: number;
  readonly expiresAt: number;
}

/** The partitions of this group member between two rebalances, and their deliveries. */
export interface Generation {
  readonly assignment: Assignment;
  readonly committer: OffsetCommitter;
  /** Timestamp of the oldest unacknowledged record, in milliseconds. */
  readonly oldestTimestamp: number | undefined;
  /** Returns the deliveries of a partition; `undefined` if it belongs to another member. */
  deliveriesOf(partition: number): PartitionDeliveries | undefined;
  /** Sets the offset at which the group continues in each partition. */
  startAt(positionOf: (partition: number) => number): void;
  /** Requests a flush once every record below these ends was delivered. */
  requestFlush(ends: Offsets): void;
  /** Returns whether a flush is due. It is due at most once per requested end. */
  takeFlush(): boolean;
}

/** Creates the generation of an assignment. */
export function createGeneration(
  assignment: Assignment,
  topic: string,
  committer: OffsetCommitter,
  clock: Clock,
): Generation {
  return new AssignedPartitions(assignment, topic, committer, clock);
}

class AssignedPartitions implements Generation {
  readonly assignment: Assignment;
  readonly committer: OffsetCommitter;
  readonly #clock: Clock;
  readonly #deliveries: ReadonlyMap<number, PartitionDeliveries>;
  readonly #requests = new Map<number, FlushRequest>();
  /** The ends for which a flush was delivered. */
  readonly #flushed = new Map<number, number>();

  constructor(assignment: Assignment, topic: string, committer: OffsetCommitter, clock: Clock) {
    this.assignment = assignment;
    this.committer = committer;
    this.#clock = clock;
    const partitions = assignment.partitions.get(topic) ?? [];
    this.#deliveries = new Map(partitions.map((partition) => [partition, createPartitionDeliveries()]));
  }

  get oldestTimestamp(): number | undefined {
    const times = [...this.#deliveries.values()].flatMap(({ oldestTimestamp }) => oldestTimestamp ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  deliveriesOf(partition: number): PartitionDeliveries | undefined {
    return this.#deliveries.get(partition);
  }

  startAt(positionOf: (partition: number) => number): void {
    for (const [partition, deliveries] of this.#deliveries) deliveries.startAt(positionOf(partition));
  }

  requestFlush(ends: Offsets): void {
    const expiresAt = this.#clock.monotonic() + FLUSH_MS;
    for (const [partition, end] of ends)
      if (this.#deliveries.has(partition) && end >= this.#requestedEnd(partition))
        this.#requests.set(partition, { end, expiresAt });
  }

  takeFlush(): boolean {
    if (!this.#isFlushDue()) return false;
    for (const partition of this.#deliveries.keys())
      this.#flushed.set(partition, this.#requestedEnd(partition));
    return true;
  }

  #isFlushDue(): boolean {
    let isDue = false;
    for (const [partition, { deliveredThrough }] of this.#deliveries) {
      const end = this.#requestedEnd(partition);
      if (end > 0 && (deliveredThrough === undefined || deliveredThrough < end)) return false;
      if (end > (this.#flushed.get(partition) ?? 0)) isDue = true;
    }
    return isDue;
  }

  #requestedEnd(partition: number): number {
    const request = this.#requests.get(partition);
    return request === undefined || this.#clock.monotonic() > request.expiresAt ? 0 : request.end;
  }
}
