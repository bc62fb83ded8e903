import type { Clock } from '@vigilant/core';
import type { PartitionRange } from './client';
import type { Offsets } from './progress';

/** How long every answer must be below a noted end before the records up to it count as gone, in milliseconds. */
const GONE_MS = 60_000;

/**
 * The largest end known of each partition.
 *
 * A smaller answer does not replace a noted end: a node that was frozen or cut off believes for a while that it still leads the
 * partition, and answers with an end of the past.
 */
export interface NotedEnds {
  readonly all: Offsets;
  note(partition: number, end: number): void;
  /** Reads an answer to a question that was asked when the ends were `before`. Returns the partitions that were made anew. */
  read(ranges: readonly PartitionRange[], before: Offsets): readonly number[];
  clear(): void;
}

/** Creates noted ends that know no partition. */
export function createNotedEnds(clock: Clock): NotedEnds {
  return new PartitionEnds(clock);
}

class PartitionEnds implements NotedEnds {
  readonly #clock: Clock;
  readonly #ends = new Map<number, number>();
  /** Since when every answer has been below the noted end. */
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
