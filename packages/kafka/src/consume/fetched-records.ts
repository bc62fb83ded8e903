import type { IncomingBatch, IncomingRecord } from '../contracts/kafka-client';

/** Records that were fetched and not delivered. */
export interface FetchedRecords {
  readonly isEmpty: boolean;
  /** Whether fetching should pause. */
  readonly isFull: boolean;
  add(batch: IncomingBatch): void;
  /** Removes the oldest records of one partition, about `maxBytes` of them and at least one. Returns `undefined` if there are none. */
  take(maxBytes: number): FetchedPortion | undefined;
  clear(): void;
}

/** Consecutive records of a partition. */
export interface FetchedPortion {
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  readonly bytes: number;
  /** The offset after the portion. */
  readonly next: number;
}

/** Creates an empty buffer that is full from `maxBytes` on. */
export function createFetchedRecords(maxBytes: number): FetchedRecords {
  return new BatchQueue(maxBytes);
}

class BatchQueue implements FetchedRecords {
  readonly #maxBytes: number;
  /** Batches, with the index of the first record that is left. */
  readonly #batches: { readonly batch: IncomingBatch; first: number }[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  get isFull(): boolean {
    return this.#heldBytes >= this.#maxBytes;
  }

  add(batch: IncomingBatch): void {
    this.#batches.push({ batch, first: 0 });
    this.#heldBytes += sizeOf(batch.records);
  }

  take(maxBytes: number): FetchedPortion | undefined {
    const oldest = this.#batches[0];
    if (oldest === undefined) return undefined;
    const { batch, first } = oldest;
    let bytes = 0;
    let end = first;
    while (end < batch.records.length && (end === first || bytes < maxBytes)) {
      bytes += batch.records[end]?.value.byteLength ?? 0;
      end += 1;
    }
    this.#heldBytes -= bytes;
    const following = batch.records[end];
    if (following === undefined) this.#batches.shift();
    else oldest.first = end;
    const records = batch.records.slice(first, end);
    return { partition: batch.partition, records, bytes, next: following?.offset ?? batch.next };
  }

  clear(): void {
    this.#batches.length = 0;
    this.#heldBytes = 0;
  }
}

/** Returns the size of the values of records, in bytes. */
export function sizeOf(records: readonly IncomingRecord[]): number {
  return records.reduce((sum, { value }) => sum + value.byteLength, 0);
}
