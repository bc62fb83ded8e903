import type {
  AckRange,
  Amount,
  CommitResult,
  OrphanedBatches,
  OpenedJournal,
} from '../journal/journal-protocol';
import type { QueuedBatch, ReadBatches } from './owner-queue';
import { OwnerQueue } from './owner-queue';

/** A batch and its queue. */
export interface TakenBatch {
  readonly queue: OwnerQueue;
  readonly batch: QueuedBatch;
}

/** The last number in each queue at some time. */
export type QueuePositions = ReadonlyMap<OwnerQueue, number>;

/** The queues of a broker: those of dead processes first, then its own. */
export class OwnerQueues {
  #orphaned: OwnerQueue[] = [];
  #own = new OwnerQueue(0);

  /** Starts with the content of the journal. */
  begin({ owner, orphaned }: OpenedJournal): void {
    this.#own = new OwnerQueue(owner);
    this.#orphaned = [];
    this.adopt(orphaned);
  }

  /** The queue of the batches that this broker publishes. */
  get own(): OwnerQueue {
    return this.#own;
  }

  adopt(orphaned: readonly OrphanedBatches[]): void {
    for (const batches of orphaned) this.#orphaned.push(new OwnerQueue(batches.owner, batches));
  }

  /** Unacknowledged events and bytes. */
  get pending(): Amount {
    const all = this.#all().map((queue) => queue.pending);
    const sum = (what: keyof Amount): number => all.reduce((total, amount) => total + amount[what], 0);
    return { events: sum('events'), bytes: sum('bytes') };
  }

  positions(): QueuePositions {
    return new Map(this.#all().map((queue) => [queue, queue.end]));
  }

  isDelivered(positions: QueuePositions): boolean {
    return [...positions].every(([queue, through]) => queue.isDelivered(through));
  }

  /** Returns whether everything up to these positions was acknowledged. Includes batches that were taken over since, as they may be older. */
  isAcknowledged(positions: QueuePositions): boolean {
    return this.#all().every((queue) => {
      const through = positions.get(queue) ?? (queue === this.#own ? 0 : queue.end);
      return queue.isAcknowledged(through);
    });
  }

  /** Takes the next batches until they reach `maxBytes`. */
  async take(maxBytes: number, read: ReadBatches): Promise<readonly TakenBatch[]> {
    const taken: TakenBatch[] = [];
    let bytes = 0;
    for (const queue of this.#all()) {
      if (bytes >= maxBytes) break;
      for (const batch of await queue.take(maxBytes - bytes, read)) {
        taken.push({ queue, batch });
        bytes += batch.bytes;
      }
    }
    return taken;
  }

  rewind(): void {
    for (const queue of this.#all()) queue.rewind();
  }

  /** Subtracts removed amounts; returns the dead owners that have nothing left. */
  removed(removed: CommitResult['removed']): readonly number[] {
    for (const { owner, ...amount } of removed)
      this.#all()
        .find((queue) => queue.owner === owner)
        ?.removed(amount);
    const settled = this.#orphaned.filter(({ pending }) => pending.events <= 0);
    this.#orphaned = this.#orphaned.filter((queue) => !settled.includes(queue));
    return settled.map(({ owner }) => owner);
  }

  #all(): readonly OwnerQueue[] {
    return [...this.#orphaned, this.#own];
  }
}

/** Combines consecutive numbers of an owner into ranges. */
export function toRanges(taken: readonly TakenBatch[]): readonly AckRange[] {
  const ranges: AckRange[] = [];
  for (const { queue, batch } of taken) {
    const last = ranges.at(-1);
    if (last?.owner === queue.owner && last.to === batch.number - 1)
      ranges[ranges.length - 1] = { ...last, to: batch.number };
    else ranges.push({ owner: queue.owner, from: batch.number, to: batch.number });
  }
  return ranges;
}
