import { RECENT_MS } from './store-protocol';

/** Maximum bytes that are kept; the oldest batches are dropped first. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A batch as it was appended. */
interface RecentBatch {
  readonly chunks: readonly ArrayBuffer[];
  readonly bytes: number;
  readonly at: number;
}

/**
 * Keeps the batches of the last seconds, to append them again if necessary.
 *
 * The last process that closes a database copies the write-ahead log into it and then deletes the log. A batch that is
 * appended between these two steps is deleted as well, although the log still existed right after the commit.
 */
export class RecentBatches {
  readonly #now: () => number;
  readonly #batches: RecentBatch[] = [];
  #bytes = 0;

  /** @param now - A monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add(chunks: readonly ArrayBuffer[]): void {
    const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#batches.push({ chunks, bytes, at: this.#now() });
    this.#bytes += bytes;
    this.forgetOld();
  }

  /** Drops batches that are too old or exceed the maximum. */
  forgetOld(): void {
    const since = this.#now() - RECENT_MS;
    const isKept = ({ at }: RecentBatch): boolean => at >= since && this.#bytes <= MAX_BYTES;
    for (let [first] = this.#batches; first !== undefined && !isKept(first); [first] = this.#batches) {
      this.#batches.shift();
      this.#bytes -= first.bytes;
    }
  }

  /** Returns the kept batches, oldest first. */
  all(): readonly (readonly ArrayBuffer[])[] {
    return this.#batches.map(({ chunks }) => chunks);
  }
}
