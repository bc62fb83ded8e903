import type { Clock } from '@vigilant/core';
import type { PartitionRange } from '../contracts/kafka-client';

/** Time that a transaction must block consumers before it is reported, in milliseconds. */
const OPEN_MS = 5_000;

/** A transaction of another producer that blocks the consumers of a partition. */
export interface OpenTransaction {
  readonly partition: number;
  readonly openMs: number;
  /** Number of records that consumers do not receive until it ends, including its own. */
  readonly waiting: number;
}

/** Tracks the transactions that other producers keep open on a topic. */
export interface OpenTransactions {
  read(ranges: readonly PartitionRange[]): void;
  /** Returns the transaction that has been open longest; `undefined` if none has been open for 5 s. */
  longest(): OpenTransaction | undefined;
}

/** Creates a tracker without partitions. */
export function createOpenTransactions(clock: Clock): OpenTransactions {
  return new StableEnds(clock);
}

/** Detects an open transaction by a last stable offset that stays below the end. */
class StableEnds implements OpenTransactions {
  readonly #clock: Clock;
  readonly #blocked = new Map<number, { stableEnd: number; since: number; waiting: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  read(ranges: readonly PartitionRange[]): void {
    // A topic that was created again may have fewer partitions.
    const listed = new Set(ranges.map(({ partition }) => partition));
    for (const partition of this.#blocked.keys()) if (!listed.has(partition)) this.#blocked.delete(partition);
    for (const { partition, end, stableEnd } of ranges) {
      const known = this.#blocked.get(partition);
      const since = known?.stableEnd === stableEnd ? known.since : this.#clock.monotonic();
      if (stableEnd < end) this.#blocked.set(partition, { stableEnd, since, waiting: end - stableEnd });
      else this.#blocked.delete(partition);
    }
  }

  longest(): OpenTransaction | undefined {
    let longest: OpenTransaction | undefined;
    for (const [partition, { since, waiting }] of this.#blocked) {
      const openMs = this.#clock.monotonic() - since;
      if (openMs >= OPEN_MS && openMs > (longest?.openMs ?? 0)) longest = { partition, openMs, waiting };
    }
    return longest;
  }
}
