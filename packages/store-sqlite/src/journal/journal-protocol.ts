// What the host and the thread of the journal say to each other.

/** Numbers of batches that are stored, of one owner, both ends included. */
export interface AckRange {
  readonly owner: number;
  readonly from: number;
  readonly to: number;
}

/** One write of the journal: what several publishes and acknowledgements brought, in one transaction. */
export interface CommitRequest {
  /** The events of all batches, packed one after another. */
  readonly chunks: readonly ArrayBuffer[];
  readonly batches: readonly { readonly number: number; readonly events: number }[];
  readonly acks: readonly AckRange[];
  /** Whose batches these were when they were sent before and the answer was lost; mostly nobody's. */
  readonly sentAs: readonly number[];
}

/** Events and bytes of encoded events. */
export interface Amount {
  readonly events: number;
  readonly bytes: number;
}

/** What a write did. */
export interface CommitResult {
  /** Numbers of the batches for which there is no room. */
  readonly rejected: readonly number[];
  /** Numbers of the batches that were held already, as those of `sentAs`. */
  readonly known: readonly number[];
  /** What the acknowledgements removed. */
  readonly removed: readonly (Amount & { readonly owner: number })[];
}

/** What an owner that is gone has left. */
export interface OrphanedBatches extends Amount {
  readonly owner: number;
  /** The highest number of its batches. */
  readonly last: number;
}

/** Parameters of `open`. */
export interface OpenRequest {
  /** Identifies the database file that an earlier thread had open. Other files are rejected. */
  readonly database?: string | undefined;
}

/** What the thread knows once it has opened the journal. */
export interface OpenedJournal {
  /** Identifies the database file. */
  readonly database: string;
  /** The identity of this broker, as long as its thread lives. */
  readonly owner: number;
  readonly orphaned: readonly OrphanedBatches[];
  readonly hasPeers: boolean;
}

/** Which batches to read: of one owner, behind a number, up to a number. */
export interface ReadRequest {
  readonly owner: number;
  readonly after: number;
  readonly through: number;
  readonly maxBytes: number;
}

/** A batch as it is read. */
export interface ReadBatch {
  readonly number: number;
  readonly bytes: number;
  /** The packed events; what is there, when it is damaged. */
  readonly body: ArrayBuffer;
  readonly damage?: string;
}

/** What is to be done besides looking. */
export interface ObserveRequest {
  /** Somebody watches: show what other processes published. */
  readonly isWatched: boolean;
  /** JournalChanges for owners that are gone, and clear up. */
  readonly isMaintenance: boolean;
}

/** What happened in the journal since the last look. */
export interface Observed {
  readonly hasPeers: boolean;
  /** Bodies of batches of other processes. */
  readonly published: readonly ArrayBuffer[];
  /** Batches of others were removed before they could be seen. */
  readonly hasGap: boolean;
  /** Another process waits for everything published so far. */
  readonly isBarrier: boolean;
  readonly orphaned: readonly OrphanedBatches[];
  /** Whether events can be written; checked only in rounds. */
  readonly health?: Health;
}

/** Whether events can be written to the journal. */
export interface Health {
  /** Why events cannot be written; absent while they can. */
  readonly failureReason?: string;
  /** Whether the file of the journal was moved, deleted or replaced. */
  readonly isFileGone?: boolean;
}

/** Where a barrier stands. */
export interface RaisedBarrier {
  /** Everything published before has at most this sequence. */
  readonly through: number;
  /** Whether events of other processes are not acknowledged yet. */
  readonly isPending: boolean;
}
