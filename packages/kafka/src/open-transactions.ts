import type { Clock } from '@vigilant/core';
import type { PartitionRange } from './client';

/** How long consumers must be held up before a transaction counts as left open, in milliseconds. */
const OPEN_MS = 5_000;

/** A transaction of another producer that holds up the consumers of a partition. */
export interface OpenTransaction {
  readonly partition: number;
  readonly openMs: number;
  /** Number of records that consumers do not get before it ends, its own included. */
  readonly waiting: number;
}

/** Follows the transactions that other producers keep open on a topic. */
export interface OpenTransactions {
  read(ranges: readonly PartitionRange[]): void;
  /** Returns the one that has been open for longest; `undefined` when none has been open for 5 s. */
  longest(): OpenTransaction | undefined;
}

/** Creates open transactions that know no partition. */
export function createOpenTransactions(clock: Clock): OpenTransactions {
  return new StandingEnds(clock);
}

/** Sees an open transaction by a last stable offset that stands still below the end. */
class StandingEnds implements OpenTransactions {
  readonly #clock: Clock;
  readonly #standing = new Map<number, { stableEnd: number; since: number; waiting: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  read(ranges: readonly PartitionRange[]): void {
    for (const { partition, end, stableEnd } of ranges) {
      const known = this.#standing.get(partition);
      const since = known?.stableEnd === stableEnd ? known.since : this.#clock.monotonic();
      if (stableEnd < end) this.#standing.set(partition, { stableEnd, since, waiting: end - stableEnd });
      else this.#standing.delete(partition);
    }
  }

  longest(): OpenTransaction | undefined {
    let longest: OpenTransaction | undefined;
    for (const [partition, { since, waiting }] of this.#standing) {
      const openMs = this.#clock.monotonic() - since;
      if (openMs >= OPEN_MS && openMs > (longest?.openMs ?? 0)) longest = { partition, openMs, waiting };
    }
    return longest;
  }
}
