/** How long a batch is kept, in milliseconds: longer than another process takes to close the database. */
const KEEP_MS = 5_000;

/** Bytes that are kept at most; the oldest batches go first. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A batch as it was appended. */
interface RecentBatch {
  readonly chunks: readonly ArrayBuffer[];
  readonly bytes: number;
  readonly at: number;
}

/**
 * The batches of the last seconds.
 *
 * A process that closes the database as the last one copies the write-ahead log into it and then deletes the log. What
 * is appended between these two steps is deleted as well, although the log was in its place right after the commit.
 */
export class RecentBatches {
  readonly #now: () => number;
  readonly #batches: RecentBatch[] = [];
  #bytes = 0;

  /** @param now - A monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(chunks: readonly ArrayBuffer[]): void {
    const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#batches.push({ chunks, bytes, at: this.#now() });
    this.#bytes += bytes;
    this.forgetOld();
  }

  /** Releases what is kept no longer. */
  forgetOld(): void {
    const since = this.#now() - KEEP_MS;
    const isKept = ({ at }: RecentBatch): boolean => at >= since && this.#bytes <= MAX_BYTES;
    for (let [first] = this.#batches; first !== undefined && !isKept(first); [first] = this.#batches) {
      this.#batches.shift();
      this.#bytes -= first.bytes;
    }
  }

  /** The batches that are kept, oldest first. */
  all(): readonly (readonly ArrayBuffer[])[] {
    return this.#batches.map(({ chunks }) => chunks);
  }
}
