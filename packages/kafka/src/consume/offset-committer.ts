import { backOffMs, sleep } from '@vigilant/core/adapter';
import type { Clock } from '@vigilant/core';
import type { Assignment, Offsets } from '../contracts/kafka-client';

const BACK_OFF = { firstMs: 100, maxMs: 2_000 };

/** Commits the offsets of one assignment, in one request at a time. */
export interface OffsetCommitter {
  /** Resolves once the offset is committed or the assignment has ended. Never rejects. */
  commit(partition: number, offset: number): Promise<void>;
}

/** Dependencies of an `OffsetCommitter`. */
export interface OffsetCommitterParts {
  readonly assignment: Assignment;
  readonly topic: string;
  readonly clock: Clock;
  readonly onCommitted: (partition: number, offset: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Creates the committer of an assignment. Uncommitted records are delivered again, to the next owner of the partition. */
export function createOffsetCommitter(parts: OffsetCommitterParts): OffsetCommitter {
  return new SequentialCommitter(parts);
}

class SequentialCommitter implements OffsetCommitter {
  readonly #parts: OffsetCommitterParts;
  #waiting = new Map<number, number>();
  #running: Promise<void> | undefined;

  constructor(parts: OffsetCommitterParts) {
    this.#parts = parts;
  }

  async commit(partition: number, offset: number): Promise<void> {
    this.#waiting.set(partition, offset);
    // A running request does not include the offset; the next one does.
    while (this.#waiting.size > 0 && !this.#parts.assignment.signal.aborted) {
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
      await this.#running;
    }
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, assignment } = this.#parts;
    // Offsets that are acknowledged in the same turn share a request.
    await Promise.resolve();
    for (let failures = 0; !assignment.signal.aborted;) {
      const offsets = this.#waiting;
      this.#waiting = new Map();
      if (await this.#attempt(offsets)) return;
      failures += 1;
      // Offsets that arrived in the meantime are larger.
      this.#waiting = new Map([...offsets, ...this.#waiting]);
      const pauseMs = backOffMs(BACK_OFF, failures, Math.random);
      await sleep(clock, pauseMs, assignment.signal).catch(() => {});
    }
  }

  async #attempt(offsets: Offsets): Promise<boolean> {
    const { assignment, topic, onCommitted, onFailure } = this.#parts;
    try {
      await assignment.commit(topic, offsets);
      for (const [partition, offset] of offsets) onCommitted(partition, offset);
      return true;
    } catch (error) {
      if (!assignment.signal.aborted) onFailure(error);
      return false;
    }
  }
}
