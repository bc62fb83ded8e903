import type { WorkerSetting } from '../worker/protocol';

// What the host and the threads of the store say to each other.

/** What a thread of the store is for. */
export type StoreRole = 'writer' | 'reader';

/** What a thread of the store is started with. */
export interface StoreSetting extends WorkerSetting {
  readonly role: StoreRole;
  /** The identity of the database file. */
  readonly database: string;
}

/** The notice of a thread whose write-ahead log was replaced: both threads must release their connections. */
export const LOG_REPLACED = 'log-replaced';
