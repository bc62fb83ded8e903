import type { SqliteConnection } from '../sqlite/driver';
import { scalar } from '../sqlite/transaction';

/** Number of checks at which a page must be free before it is returned, so that a file in use does not shrink and grow. */
const CHECKS = 3;

/** Free pages that are kept for later events: 1 MiB. */
const KEPT_PAGES = 256;

/** Maximum pages of one step. A step takes a few milliseconds. */
const STEP_PAGES = 500;

/** Returns the free pages of a processed backlog to the file system, in steps. */
export class FreePages {
  /** Free pages at the last checks, latest last. */
  #counts: number[] = [];
  #surplus = 0;

  /** Counts the free pages; returns whether some are to be returned. Called about once a second. */
  check(connection: SqliteConnection): boolean {
    this.#counts = [...this.#counts, scalar(connection, 'PRAGMA freelist_count')].slice(-CHECKS);
    if (this.#counts.length === CHECKS) this.#surplus = Math.min(...this.#counts) - KEPT_PAGES;
    return this.#surplus > 0;
  }

  /** Returns pages; returns whether more are left. The file shrinks with the last step. */
  step(connection: SqliteConnection): boolean {
    const pages = Math.min(this.#surplus, STEP_PAGES);
    if (pages <= 0) return false;
    connection.exec(`PRAGMA incremental_vacuum(${pages})`);
    this.#surplus -= pages;
    if (this.#surplus > 0) return true;
    this.#counts = [];
    // Only a checkpoint shortens the file. If a reader prevents it, the next commit repeats it.
    connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    return false;
  }
}
