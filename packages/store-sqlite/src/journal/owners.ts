import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Connection, Driver } from '../driver';
import { inTransaction } from '../worker/database';
import { createLockFile, takeLock } from './lock';
import type { Estate } from './protocol';

/** An owner that this thread holds the lock of. */
interface Held {
  readonly path: string;
  readonly lock: Connection;
}

/**
 * Who holds which batches of the journal.
 *
 * Each broker has a row and a locked file. One whose file is not locked is gone; whoever locks it next has its batches.
 */
export class Owners {
  readonly #driver: Driver;
  readonly #journal: string;
  readonly #held = new Map<number, Held>();

  constructor(driver: Driver, journal: string) {
    this.#driver = driver;
    this.#journal = journal;
  }

  /** Adds an owner, locked before anybody can see it. */
  register(connection: Connection): number {
    const name = randomBytes(8).toString('hex');
    const path = this.#pathOf(name);
    createLockFile(path);
    const lock = takeLock(this.#driver, path);
    if (lock === undefined) throw new Error(`${path} is locked, though nobody knows it.`);
    try {
      const row = connection.prepare('INSERT INTO owner (lock) VALUES (?) RETURNING id').get(name);
      const owner = Number(row?.[0]);
      this.#held.set(owner, { path, lock });
      return owner;
    } catch (error) {
      lock.close();
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** Takes over from each owner that is gone; gives those that left something. */
  takeOver(connection: Connection): readonly Estate[] {
    const estates: Estate[] = [];
    for (const [id, name] of connection.prepare('SELECT id, lock FROM owner ORDER BY id').all()) {
      const owner = Number(id);
      if (this.#held.has(owner)) continue;
      const path = this.#pathOf(String(name));
      const lock = takeLock(this.#driver, path);
      if (lock === undefined) continue;
      this.#held.set(owner, { path, lock });
      // Somebody else may have settled it between the two looks.
      const isThere = connection.prepare('SELECT 1 FROM owner WHERE id = ?').get(owner) !== undefined;
      const estate = isThere ? estateOf(connection, owner) : undefined;
      if (estate === undefined) this.settle(connection, owner);
      else estates.push(estate);
    }
    return estates;
  }

  /** Forgets an owner that has nothing left, and lets go of its lock either way. */
  settle(connection: Connection, owner: number): void {
    const held = this.#held.get(owner);
    if (held === undefined) return;
    const isEmpty = inTransaction(connection, () => {
      if (estateOf(connection, owner) !== undefined) return false;
      connection.prepare('DELETE FROM owner WHERE id = ?').run(owner);
      return true;
    });
    this.#held.delete(owner);
    held.lock.close();
    if (isEmpty) rmSync(held.path, { force: true });
  }

  /** The owners of other processes. */
  peers(connection: Connection): readonly number[] {
    const owners = connection.prepare('SELECT id FROM owner').all();
    return owners.map(([id]) => Number(id)).filter((id) => !this.#held.has(id));
  }

  /** Settles each; what is left is for whoever comes next. */
  close(connection: Connection): void {
    for (const owner of [...this.#held.keys()]) this.settle(connection, owner);
  }

  /** Lets go of everything without a word in the journal. */
  abandon(): void {
    for (const { lock } of this.#held.values()) lock.close();
    this.#held.clear();
  }

  #pathOf(name: string): string {
    return `${this.#journal}-owner-${name}`;
  }
}

function estateOf(connection: Connection, owner: number): Estate | undefined {
  const row = connection
    .prepare(
      'SELECT total(events), total(bytes), max(number) FROM batch WHERE owner = ? AND acked_at IS NULL',
    )
    .get(owner);
  const [events, bytes, last] = row as [number, number, number | null];
  return last === null ? undefined : { owner, events, bytes, last };
}
