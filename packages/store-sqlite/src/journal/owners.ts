import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { SqliteConnection, Driver } from '../sqlite/driver';
import { inTransaction } from '../sqlite/transaction';
import { identityOf } from '../sqlite/file-identity';
import { createLockFile, takeLock } from './lock';
import type { OrphanedBatches } from './journal-protocol';

/** Number of calls of `takeOver` after which it also checks owners without batches, to remove their rows. */
const EMPTY_OWNERS_INTERVAL = 30;

/** Reads the owners, and whether each has batches that are not acknowledged. */
const OWNERS = `SELECT id, lock, EXISTS (SELECT 1 FROM batch WHERE batch.owner = owner.id AND acked_at IS NULL)
  FROM owner ORDER BY id`;

/** An owner whose lock this thread holds. */
interface Held {
  readonly path: string;
  readonly lock: SqliteConnection;
  /** Whether the host has received its batches. */
  isReported: boolean;
}

/** The outcome of taking over from dead processes. */
export interface TakeOver {
  readonly orphaned: readonly OrphanedBatches[];
  /** The first error, if not everything could be taken over. The next call tries again. */
  readonly failure?: unknown;
}

/**
 * Manages the owners of batches: one for each process that has the journal open.
 *
 * An owner has a row and a locked file. When the file is not locked, the process has died, and the next process that locks
 * the file takes over the batches.
 */
export class Owners {
  readonly #driver: Driver;
  readonly #journal: string;
  readonly #held = new Map<number, Held>();
  /** Owners whose removal failed. */
  readonly #toSettle = new Set<number>();
  #takeOvers = 0;
  #own: { readonly owner: number; readonly path: string; readonly identity: string | undefined } | undefined;

  constructor(driver: Driver, journal: string) {
    this.#driver = driver;
    this.#journal = journal;
  }

  /** Adds an owner. Its file is locked before its row is visible. */
  register(connection: SqliteConnection): number {
    const name = randomBytes(8).toString('hex');
    const path = this.#pathOf(name);
    createLockFile(path);
    let lock: SqliteConnection | undefined;
    try {
      lock = takeLock(this.#driver, path);
      if (lock === undefined)
        throw new Error(`The new lock file ${path} is already locked. Check which program opened it.`);
      const row = connection.prepare('INSERT INTO owner (lock) VALUES (?) RETURNING id').get(name);
      const owner = Number(row?.[0]);
      this.#held.set(owner, { path, lock, isReported: true });
      this.#own = { owner, path, identity: identityOf(path) };
      return owner;
    } catch (error) {
      lock?.close();
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** Returns whether other processes can see that the owner of this process is alive. */
  isOwnVisible(connection: SqliteConnection): boolean {
    if (this.#own === undefined) return false;
    const { owner, path, identity } = this.#own;
    const isThere = connection.prepare('SELECT 1 FROM owner WHERE id = ?').get(owner) !== undefined;
    return isThere && identity !== undefined && identityOf(path) === identity;
  }

  /**
   * Takes over from each owner whose process has died; returns those that left batches.
   *
   * An owner without batches may be removed later. A failure with one owner does not affect other owners. Each result is returned
   * again until `reported` is called, so that nothing is lost if the answer does not reach the host.
   */
  takeOver(connection: SqliteConnection): TakeOver {
    const orphaned: OrphanedBatches[] = [];
    let failure: unknown;
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        failure ??= error;
      }
    };
    const settle = (owner: number): void => {
      // After a failed write, the others do not wait for the lock again.
      if (failure === undefined) this.settle(connection, owner);
    };
    for (const owner of [...this.#toSettle]) attempt(() => settle(owner));
    const checksAll = this.#takeOvers % EMPTY_OWNERS_INTERVAL === 0;
    this.#takeOvers += 1;
    for (const [id, name, hasBatches] of connection.prepare(OWNERS).all()) {
      const owner = Number(id);
      attempt(() => {
        if (hasBatches === 0 && !checksAll && !this.#held.has(owner)) return;
        if (!this.#obtain(owner, String(name)) || this.#held.get(owner)?.isReported) return;
        const batches = orphanedBatchesOf(connection, owner);
        if (batches === undefined) settle(owner);
        else orphaned.push(batches);
      });
    }
    return failure === undefined ? { orphaned } : { orphaned, failure };
  }

  /** Records that the host has received these results of `takeOver`. */
  reported(orphaned: readonly OrphanedBatches[]): void {
    for (const { owner } of orphaned) {
      const held = this.#held.get(owner);
      if (held !== undefined) held.isReported = true;
    }
  }

  /** Removes an owner that has no batches left, and releases its lock in any case. `takeOver` tries again after a failure. */
  settle(connection: SqliteConnection, owner: number): void {
    const held = this.#held.get(owner);
    if (held === undefined) return;
    this.#toSettle.add(owner);
    const isEmpty = inTransaction(connection, () => {
      if (orphanedBatchesOf(connection, owner) !== undefined) return false;
      connection.prepare('DELETE FROM owner WHERE id = ?').run(owner);
      return true;
    });
    this.#toSettle.delete(owner);
    this.#held.delete(owner);
    held.lock.close();
    if (isEmpty) rmSync(held.path, { force: true });
  }

  /** Returns the owners of other processes. */
  peers(connection: SqliteConnection): readonly number[] {
    return this.#ids(connection).filter((id) => !this.#held.has(id));
  }

  /** Returns the owners of other processes, including those that were taken over. */
  others(connection: SqliteConnection): readonly number[] {
    return this.#ids(connection).filter((id) => id !== this.#own?.owner);
  }

  /** Settles all owners. Other processes take over the batches that are left. */
  close(connection: SqliteConnection): void {
    for (const owner of [...this.#held.keys()]) this.settle(connection, owner);
  }

  /** Releases all locks without writing to the journal. */
  abandon(): void {
    for (const { lock } of this.#held.values()) lock.close();
    this.#held.clear();
  }

  /** Locks an owner if its lock is free; returns whether this process holds it. */
  #obtain(owner: number, name: string): boolean {
    if (this.#held.has(owner)) return true;
    const path = this.#pathOf(name);
    const lock = takeLock(this.#driver, path);
    if (lock !== undefined) this.#held.set(owner, { path, lock, isReported: false });
    return lock !== undefined;
  }

  #ids(connection: SqliteConnection): readonly number[] {
    const owners = connection.prepare('SELECT id FROM owner').all();
    return owners.map(([id]) => Number(id));
  }

  #pathOf(name: string): string {
    return `${this.#journal}-owner-${name}`;
  }
}

function orphanedBatchesOf(connection: SqliteConnection, owner: number): OrphanedBatches | undefined {
  const row = connection
    .prepare(
      'SELECT total(events), total(bytes), max(number) FROM batch WHERE owner = ? AND acked_at IS NULL',
    )
    .get(owner);
  const [events, bytes, last] = row as [number, number, number | null];
  return last === null ? undefined : { owner, events, bytes, last };
}
