import type { Clock } from '@vigilant/core';
import type { Offsets, PartitionRange } from '../contracts/kafka-client';

/** Time that every response must stay below a noted end before the records in between count as deleted, in milliseconds. */
const DELETED_MS = 60_000;

/**
 * Remembers the largest known end of each partition.
 *
 * A smaller response does not replace a noted end: a node that was frozen or isolated still considers itself the leader for a
 * while, and reports an outdated end.
 */
export interface NotedEnds {
  readonly all: Offsets;
  note(partition: number, end: number): void;
  /** Notes the response to a request that was sent when the ends were `before`. Returns the partitions that were created again. */
  read(ranges: readonly PartitionRange[], before: Offsets): readonly number[];
  clear(): void;
}

/** Creates noted ends without partitions. */
export function createNotedEnds(clock: Clock): NotedEnds {
  return new PartitionEnds(clock);
}

class PartitionEnds implements NotedEnds {
  readonly #clock: Clock;
  readonly #ends = new Map<number, number>();
  /** Times since which every response has been below the noted end. */
  readonly #belowSince = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): Offsets {
    return this.#ends;
  }

  note(partition: number, end: number): void {
    this.#ends.set(partition, Math.max(end, this.#ends.get(partition) ?? 0));
  }

  read(ranges: readonly PartitionRange[], before: Offsets): readonly number[] {
    const createdAgain = ranges.filter(({ partition, end }) => this.#isCreatedAgain(partition, end, before));
    for (const { partition } of createdAgain) this.#ends.delete(partition);
    for (const { partition, end } of ranges) this.note(partition, end);
    return createdAgain.map(({ partition }) => partition);
  }

  clear(): void {
    this.#ends.clear();
    this.#belowSince.clear();
  }

  #isCreatedAgain(partition: number, end: number, before: Offsets): boolean {
    const now = this.#clock.monotonic();
    const isBelow = end < (before.get(partition) ?? 0);
    const since = this.#belowSince.get(partition) ?? now;
    const isCreatedAgain = isBelow && now - since >= DELETED_MS;
    if (isBelow && !isCreatedAgain) this.#belowSince.set(partition, since);
    else this.#belowSince.delete(partition);
    return isCreatedAgain;
  }
}
