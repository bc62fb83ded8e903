import type { IncomingBatch, IncomingRecord } from '../contracts/kafka-client';

/** Records that were fetched and not yet handed over. */
export interface Inbox {
  readonly isEmpty: boolean;
  /** It holds as much as it should. */
  readonly isFull: boolean;
  add(batch: IncomingBatch): void;
  /** Takes records of one partition, of about so many bytes; `undefined` when there is nothing. */
  take(maxBytes: number): Portion | undefined;
  clear(): void;
}

/** Some records of a partition. */
export interface Portion {
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  readonly bytes: number;
  /** The offset behind it. */
  readonly next: number;
}

/** Creates an inbox. */
export function createInbox(maxBytes: number): Inbox {
  const batches: { readonly batch: IncomingBatch; from: number }[] = [];
  let held = 0;
  return {
    get isEmpty() {
      return batches.length === 0;
    },
    get isFull() {
      return held >= maxBytes;
    },
    add(batch) {
      batches.push({ batch, from: 0 });
      held += sizeOf(batch.records);
    },
    take(most) {
      const first = batches[0];
      if (first === undefined) return undefined;
      const { batch, from } = first;
      let bytes = 0;
      let until = from;
      while (until < batch.records.length && (until === from || bytes < most)) {
        bytes += batch.records[until]?.value.byteLength ?? 0;
        until += 1;
      }
      held -= bytes;
      const following = batch.records[until];
      if (following === undefined) batches.shift();
      else first.from = until;
      const records = batch.records.slice(from, until);
      return { partition: batch.partition, records, bytes, next: following?.offset ?? batch.next };
    },
    clear() {
      batches.length = 0;
      held = 0;
    },
  };
}

function sizeOf(records: readonly IncomingRecord[]): number {
  return records.reduce((sum, { value }) => sum + value.byteLength, 0);
}
