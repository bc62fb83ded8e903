import type { AckRange, Amount, CommitResult, Estate, Opened } from '../journal/journal-protocol';
import type { Batch, ReadBatches } from './owner-queue';
import { Lane } from './owner-queue';

/** A batch and the lane it came on. */
export interface TakenBatch {
  readonly lane: Lane;
  readonly batch: Batch;
}

/** How far each lane reached at some moment. */
export type Marks = ReadonlyMap<Lane, number>;

/** The lanes of a broker: its own, and those of owners that are gone, which come first. */
export class Lanes {
  #estates: Lane[] = [];
  #own = new Lane(0);

  /** Begins with what the journal holds. */
  begin({ owner, estates }: Opened): void {
    this.#own = new Lane(owner);
    this.#estates = [];
    this.adopt(estates);
  }

  /** The lane of what this broker publishes. */
  get own(): Lane {
    return this.#own;
  }

  adopt(estates: readonly Estate[]): void {
    for (const estate of estates) this.#estates.push(new Lane(estate.owner, estate));
  }

  /** Events and bytes that are not acknowledged. */
  get pending(): Amount {
    const all = this.#all().map((lane) => lane.pending);
    const sum = (what: keyof Amount): number => all.reduce((total, amount) => total + amount[what], 0);
    return { events: sum('events'), bytes: sum('bytes') };
  }

  marks(): Marks {
    return new Map(this.#all().map((lane) => [lane, lane.end]));
  }

  isDelivered(marks: Marks): boolean {
    return [...marks].every(([lane, through]) => lane.isDelivered(through));
  }

  /** What was taken over since the marks were made may be older than they are. */
  isAcknowledged(marks: Marks): boolean {
    return this.#all().every((lane) => {
      const through = marks.get(lane) ?? (lane === this.#own ? 0 : lane.end);
      return lane.isAcknowledged(through);
    });
  }

  /** Takes the next batches, of about so many bytes; none when there are none. */
  async take(maxBytes: number, read: ReadBatches): Promise<readonly TakenBatch[]> {
    const taken: TakenBatch[] = [];
    let bytes = 0;
    for (const lane of this.#all()) {
      if (bytes >= maxBytes) break;
      for (const batch of await lane.take(maxBytes - bytes, read)) {
        taken.push({ lane, batch });
        bytes += batch.bytes;
      }
    }
    return taken;
  }

  rewind(): void {
    for (const lane of this.#all()) lane.rewind();
  }

  /** Notes what acknowledgements removed; gives the owners of which nothing is left. */
  removed(removed: CommitResult['removed']): readonly number[] {
    for (const { owner, ...amount } of removed)
      this.#all()
        .find((lane) => lane.owner === owner)
        ?.removed(amount);
    const settled = this.#estates.filter(({ pending }) => pending.events <= 0);
    this.#estates = this.#estates.filter((lane) => !settled.includes(lane));
    return settled.map(({ owner }) => owner);
  }

  #all(): readonly Lane[] {
    return [...this.#estates, this.#own];
  }
}

/** Puts numbers that follow each other together. */
export function toRanges(taken: readonly TakenBatch[]): readonly AckRange[] {
  const ranges: AckRange[] = [];
  for (const { lane, batch } of taken) {
    const last = ranges.at(-1);
    if (last?.owner === lane.owner && last.to === batch.number - 1)
      ranges[ranges.length - 1] = { ...last, to: batch.number };
    else ranges.push({ owner: lane.owner, from: batch.number, to: batch.number });
  }
  return ranges;
}
