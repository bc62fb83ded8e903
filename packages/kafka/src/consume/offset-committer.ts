import { backOffMs, sleep } from '@vigilant/core';
import type { Clock } from '@vigilant/core';
import type { Assignment } from '../contracts/kafka-client';

const BACK_OFF = { firstMs: 100, maxMs: 2_000 };

/** Commits positions for one assignment, one request at a time. */
export interface Committer {
  /** Resolves once the position is committed, or once somebody else owns the partition. Never rejects. */
  commit(partition: number, offset: number): Promise<void>;
}

/** What a committer works with. */
export interface CommitterParts {
  readonly assignment: Assignment;
  readonly topic: string;
  readonly clock: Clock;
  readonly onCommitted: (partition: number, offset: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Creates the committer of an assignment. What it cannot commit comes again, to whoever owns it then. */
export function createCommitter(parts: CommitterParts): Committer {
  const { assignment, topic, clock, onCommitted, onFailure } = parts;
  const { signal } = assignment;
  let waiting = new Map<number, number>();
  let running: Promise<void> | undefined;

  const attempt = async (offsets: ReadonlyMap<number, number>): Promise<boolean> => {
    try {
      await assignment.commit(topic, offsets);
      for (const [partition, offset] of offsets) onCommitted(partition, offset);
      return true;
    } catch (error) {
      if (!signal.aborted) onFailure(error);
      return false;
    }
  };

  const run = async (): Promise<void> => {
    // Whatever is acknowledged in the same turn goes along.
    await Promise.resolve();
    for (let failures = 0; !signal.aborted;) {
      const offsets = waiting;
      waiting = new Map();
      if (await attempt(offsets)) return;
      failures += 1;
      // What came meanwhile is further on.
      waiting = new Map([...offsets, ...waiting]);
      await sleep(clock, backOffMs(BACK_OFF, failures, Math.random), signal).catch(() => {});
    }
  };

  return {
    async commit(partition, offset) {
      waiting.set(partition, offset);
      // A request that runs already does not have it; the one behind it does.
      while (waiting.size > 0 && !signal.aborted) {
        running ??= run().finally(() => (running = undefined));
        await running;
      }
      await running;
    },
  };
}
