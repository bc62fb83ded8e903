// Messages between the host and the thread of the journal.

/** A range of acknowledged batches of one owner, inclusive. */
export interface AckRange {
  readonly owner: number;
  readonly from: number;
  readonly to: number;
}

/** A batch to write. */
export interface NewBatch {
  readonly number: number;
  readonly events: number;
  /** Sum of the sizes of the encoded events. */
  readonly bytes: number;
  readonly bodyBytes: number;
}

/** The publishes and acknowledgements of one transaction. */
export interface CommitRequest {
  /** The bodies of all batches one after another. */
  readonly bodies: ArrayBuffer;
  readonly batches: readonly NewBatch[];
  readonly acks: readonly AckRange[];
  /** Owners under which the batches were sent before, without an answer. */
  readonly sentAs: readonly number[];
}

/** Events and bytes of encoded events. */
export interface Amount {
  readonly events: number;
  readonly bytes: number;
}

/** Result of a commit. */
export interface CommitResult {
  /** Numbers of the batches that exceed the capacity. */
  readonly rejected: readonly number[];
  /** Numbers of the batches that an owner of `sentAs` has written. */
  readonly known: readonly number[];
  /** Events and bytes that the acknowledgements removed. */
  readonly removed: readonly (Amount & { readonly owner: number })[];
}

/** Unacknowledged batches of a process that died. */
export interface OrphanedBatches extends Amount {
  readonly owner: number;
  /** The highest number of its batches. */
  readonly last: number;
}

/** Parameters of `open`. */
export interface OpenJournalRequest {
  /** Identifies the database file that an earlier thread had open. Other files are rejected. */
  readonly database?: string | undefined;
}

/** Result of `open`. */
export interface OpenedJournal {
  /** Identifies the database file. */
  readonly database: string;
  /** The owner of the batches of this thread. */
  readonly owner: number;
  readonly orphaned: readonly OrphanedBatches[];
  readonly hasPeers: boolean;
}

/** Parameters of `read`: batches of one owner with numbers after `after`, up to `through`. */
export interface ReadRequest {
  readonly owner: number;
  readonly after: number;
  readonly through: number;
  readonly maxBytes: number;
}

/** A batch of the journal. */
export interface ReadBatch {
  readonly number: number;
  readonly bytes: number;
  /** The frames of the events. May contain anything if `damage` is set. */
  readonly body: ArrayBuffer;
  readonly damage?: string;
}

/** Parameters of `observe`. */
export interface ObserveRequest {
  /** Whether to return what other processes published, for a watch. */
  readonly isWatched: boolean;
  /** Whether to take over from dead processes, clean up and check the health. */
  readonly isMaintenance: boolean;
}

/** Changes of the journal since the last `observe`. */
export interface Observed {
  readonly hasPeers: boolean;
  /** Bodies of batches of other processes. */
  readonly published: readonly ArrayBuffer[];
  /** Whether batches of other processes were removed before they were read. */
  readonly hasGap: boolean;
  /** Whether another process has raised a barrier. */
  readonly isBarrier: boolean;
  readonly orphaned: readonly OrphanedBatches[];
  /** Set if `isMaintenance` was, and when the file is gone. */
  readonly health?: JournalHealth;
}

/** The answer to `observe` while the journal cannot be read. */
export const NOTHING_OBSERVED: Observed = {
  hasPeers: false,
  published: [],
  hasGap: false,
  isBarrier: false,
  orphaned: [],
};

/** Whether events can be written to the journal. */
export interface JournalHealth {
  /** Why events cannot be written; absent while they can. */
  readonly failureReason?: string;
  /** Whether the file of the journal was moved, deleted or replaced. */
  readonly isFileGone?: boolean;
}

/** State of a barrier. */
export interface RaisedBarrier {
  /** The highest sequence of the batches that the barrier waits for. */
  readonly through: number;
  /** Whether events of other processes are unacknowledged. */
  readonly isPending: boolean;
}
