import type { Store } from '@vigilant/core';

/**
 * A store to test, with data of its own.
 *
 * The suite opens and closes the stores itself. It asks for a new harness for each case.
 */
export interface StoreHarness {
  /** A store that was not opened yet. */
  readonly store: Store;
  /**
   * Makes another store object on the same data, not opened: what the next run of a program or, where stores are
   * shared, another process would have. Needed unless `durability` is `memory`.
   */
  another?(): Store | Promise<Store>;
  /** Counts the events in the data without the help of the store, such as with a client of the database. */
  rawRows?(): number | Promise<number>;
  /** Where a backup may go and how to read it; without it `backup` is not tested. */
  backup?: BackupHarness;
  /** Deletes the data. The stores are closed by then. */
  dispose(): void | Promise<void>;
}

/** How to try a backup. */
export interface BackupHarness {
  /** What is given to `backup`; nothing is there yet. */
  readonly target: string;
  /** Makes a store on what was written there, not opened. */
  open(): Store | Promise<Store>;
}
