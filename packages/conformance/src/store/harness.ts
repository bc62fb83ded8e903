import type { Store } from '@vigilant/core';

/**
 * A store to test, with its own data.
 *
 * The suite opens and closes the stores itself. It requests a new harness for each case.
 */
export interface StoreHarness {
  /** The store, not opened. */
  readonly store: Store;
  /**
   * Creates another store object on the same data, not opened, like the next run of a program or, if stores are
   * shared, another process. Required unless `durability` is `memory`.
   */
  another?(): Store | Promise<Store>;
  /** Creates a read-only store on the same data, not opened. Without it, read-only stores are not tested. */
  readOnly?(): Store | Promise<Store>;
  /** Counts the stored events without the store, for example with a client of the database. */
  rawRows?(): number | Promise<number>;
  /** Interferes with the database of `store`. Without it, the behaviour of the store during failures is not tested. */
  faults?: StoreFaults;
  /** Target of a backup. Without it, `backup` is not tested. */
  backup?: BackupHarness;
  /** Deletes the data. Called after all stores are closed. */
  dispose(): void | Promise<void>;
}

/**
 * Failures of the database of a store. They must not affect the harness itself.
 *
 * For a server, `startFaultProxy` creates them. For a file, `fail` may move it away, and `stall` may lock it.
 */
export interface StoreFaults {
  /** Makes calls to the database fail, as if the connection were lost, until `restore`. */
  fail(): void | Promise<void>;
  /** Makes calls to the database wait, at least those that write, until `restore`. Absent if the driver would block the test. */
  stall?(): void | Promise<void>;
  /** Ends the failure. */
  restore(): void | Promise<void>;
}

/** Target of a backup and a store that reads it. */
export interface BackupHarness {
  /** Argument of `backup`. The target does not exist yet. */
  readonly target: string;
  /** Creates a store on the backup, not opened. */
  open(): Store | Promise<Store>;
}
