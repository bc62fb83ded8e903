import type { EventQuery } from '@vigilant/core';
import type { ScanResult } from '@vigilant/core/adapter';
import type { WorkerSetting } from '../thread/messages';
import type { BlockLimits } from '../blocks/block-limits';

export type { BlockLimits } from '../blocks/block-limits';

// Messages between the host and the threads of the store.

/** The role of a thread of the store. */
export type StoreRole = 'writer' | 'reader';

/** Start parameters of a thread of the store. */
export interface StoreSetting extends WorkerSetting {
  readonly role: StoreRole;
  /** The identity of the database file. */
  readonly database: string;
  /** @defaultValue `BLOCK_LIMITS` */
  readonly limits?: BlockLimits | undefined;
}

/** Start parameters of the thread of a read-only store. */
export interface ReadOnlyStoreSetting extends WorkerSetting {
  /** The folder of a private copy. It does not exist yet. */
  readonly copyFolder: string;
}

/** The notice of a thread whose write-ahead log was changed: both threads must release their connections. */
export const LOG_CHANGED = 'log-changed';

/** The notice of the writer that it has found damage, or that the damage is gone. Its payload is the description. */
export const DAMAGE_CHANGED = 'damage-changed';

/** Payload of `LOG_CHANGED` and parameter of `release`. */
export interface LogChange {
  /** Whether the log was truncated, as opposed to deleted or replaced. */
  readonly isTruncated: boolean;
}

/** How long a batch is kept, in milliseconds: longer than another process takes to close the database. */
export const RECENT_MS = 5_000;

/**
 * Interval of the checks of the files while nothing is appended, in milliseconds. Less than `RECENT_MS`, so that the batches of
 * an append are checked before they are forgotten.
 */
export const QUIET_MS = 2_500;

/** Result of `refresh`. */
export interface Refreshed {
  /** Whether `maintain` should be called. */
  readonly isDue: boolean;
  /** Whether nothing was appended recently. */
  readonly isQuiet: boolean;
}

/** Parameters of `query`. Signals do not cross threads. */
export type ScanRequest = Omit<EventQuery, 'signal'>;

/** Result of `query`. */
export interface PackedPage extends ScanResult {
  readonly chunks: readonly ArrayBuffer[];
  readonly sequences: readonly number[];
}

/** A document in a message. Its revision is an integer in the table. */
export interface PackedDocument {
  readonly key: string;
  readonly revision: string;
  readonly value: string;
  readonly blob?: Uint8Array;
}

/** A page of documents, and whether more follow. */
export interface PackedDocuments {
  readonly documents: readonly PackedDocument[];
  readonly hasMore: boolean;
}
