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

/** The notice of a thread whose write-ahead log was replaced: both threads must release their connections. */
export const LOG_REPLACED = 'log-replaced';
