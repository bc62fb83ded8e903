import type { WorkerSetting } from '../worker/protocol';

// Messages between the host and the threads of the store.

/** The role of a thread of the store. */
export type StoreRole = 'writer' | 'reader';

/** Start parameters of a thread of the store. */
export interface StoreSetting extends WorkerSetting {
  readonly role: StoreRole;
  /** The identity of the database file. */
  readonly database: string;
}

/** The notice of a thread whose write-ahead log was changed: both threads must release their connections. */
export const LOG_CHANGED = 'log-changed';

/** What another program did with the write-ahead log: the payload of the notice and the parameter of `release`. */
export interface LogChange {
  /** Whether it was truncated, not deleted or replaced. */
  readonly isTruncated: boolean;
}
