import type { Clock } from '@vigilant/core';
import type { PartitionRange } from '../contracts/kafka-client';
import type { Offsets } from './group-progress';

/** How long every answer must be below a noted end before the records up to it count as deleted, in milliseconds. */
const GONE_MS = 60_000;

/**
 * Remembers the largest known end of each partition.
 *
 * A smaller answer does not replace a noted end: a node that was frozen or isolated still considers itself the leader for a
 * while, and reports an outdated end.
 */
export interface NotedEnds {
  readonly all: Offsets;
  note(partition: number, end: number): void;
  /** Notes the answer to a request that was sent when the ends were `before`. Returns the partitions that were created again. */
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
  /** Times since which every answer has been below the noted end. */
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
    const gone = ranges.filter(({ partition, end }) => this.#isGone(partition, end, before));
    for (const { partition } of gone) this.#ends.delete(partition);
    for (const { partition, end } of ranges) this.note(partition, end);
    return gone.map(({ partition }) => partition);
  }

  clear(): void {
    this.#ends.clear();
    this.#belowSince.clear();
  }

  #isGone(partition: number, end: number, before: Offsets): boolean {
    const now = this.#clock.monotonic();
    const isBelow = end < (before.get(partition) ?? 0);
    const since = this.#belowSince.get(partition) ?? now;
    const isGone = isBelow && now - since >= GONE_MS;
    if (isBelow && !isGone) this.#belowSince.set(partition, since);
    else this.#belowSince.delete(partition);
    return isGone;
  }
}
