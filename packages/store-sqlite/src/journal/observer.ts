import type { SqliteConnection } from '../sqlite/driver';
import { inSnapshot, inTransaction, scalar } from '../sqlite/transaction';
import type { RaisedBarrier } from './journal-protocol';
import { readBody } from './read-batches';

/** How long acknowledged batches are kept for the watches of other processes, in milliseconds. */
const LINGER_MS = 3_000;

/** How long a barrier is kept, in milliseconds. No process waits longer. */
const BARRIER_MS = 60_000;

/** Maximum batches and bytes that one poll returns. The next poll returns the rest. */
const MAX_BATCHES = 2_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** Changes that other processes made. */
export interface JournalChanges {
  readonly published: readonly ArrayBuffer[];
  readonly hasGap: boolean;
  readonly isBarrier: boolean;
}

/** Reads what other processes write to the journal. */
export class Observer {
  readonly #owner: number;
  /** The `data_version` of the last poll; it changes when another connection writes. */
  #version = -1;
  /** Batches up to this sequence were read. */
  #seen: number;
  #seenBarrier: number;

  constructor(connection: SqliteConnection, owner: number) {
    this.#owner = owner;
    this.#seen = lastSequence(connection);
    this.#seenBarrier = lastBarrier(connection);
  }

  /** Continues with another connection to the same journal. */
  reconnected(): void {
    this.#version = -1;
  }

  /** Reads the changes since the last call. After a failed call, the next one returns its changes. */
  poll(connection: SqliteConnection, isWatched: boolean): JournalChanges {
    return inSnapshot(connection, () => {
      const version = scalar(connection, 'PRAGMA data_version');
      const top = lastSequence(connection);
      const barrier = lastBarrier(connection);
      // The journal has not changed, or only through this connection.
      const isOwn = version === this.#version;
      const { bodies, last } = isOwn || !isWatched ? { bodies: [], last: top } : this.#read(connection, top);
      const hasGap =
        !isOwn && isWatched && scalar(connection, 'SELECT removed_through FROM journal') > this.#seen;
      const isBarrier = !isOwn && barrier > this.#seenBarrier;
      this.#seenBarrier = barrier;
      this.#seen = last;
      if (last === top) this.#version = version;
      return { published: bodies, hasGap, isBarrier };
    });
  }

  /**
   * Raises a barrier. Writes it to the journal only if other processes hold events.
   *
   * @param others - The owners of other processes, and those that were taken over from them.
   */
  raise(connection: SqliteConnection, peers: readonly number[], others: readonly number[]): RaisedBarrier {
    const through = lastSequence(connection);
    if (isPendingThrough(connection, peers, through)) {
      const barrier = inTransaction(connection, () => {
        connection.prepare('DELETE FROM barrier WHERE raised_at < ?').run(Date.now() - BARRIER_MS);
        const row = connection
          .prepare('INSERT INTO barrier (through, raised_at) VALUES (?, ?) RETURNING id')
          .get(through, Date.now());
        return Number(row?.[0]);
      });
      if (barrier === this.#seenBarrier + 1) this.#seenBarrier = barrier;
    }
    return { through, isPending: isPendingThrough(connection, others, through) };
  }

  /** Deletes batches that all processes have read. */
  clear(connection: SqliteConnection): void {
    const before = Date.now() - LINGER_MS;
    if (connection.prepare('SELECT 1 FROM batch WHERE acked_at < ? LIMIT 1').get(before) !== undefined)
      inTransaction(connection, () => {
        const row = connection.prepare('SELECT max(sequence) FROM batch WHERE acked_at < ?').get(before);
        connection.prepare('DELETE FROM batch WHERE acked_at < ?').run(before);
        connection
          .prepare('UPDATE journal SET removed_through = max(removed_through, ?)')
          .run(Number(row?.[0] ?? 0));
      });
  }

  #read(
    connection: SqliteConnection,
    top: number,
  ): { readonly bodies: ArrayBuffer[]; readonly last: number } {
    const sizes = connection
      .prepare(
        `SELECT sequence, bytes FROM batch WHERE sequence > ? AND sequence <= ? AND owner <> ?
        ORDER BY sequence LIMIT ${MAX_BATCHES}`,
      )
      .all(this.#seen, top, this.#owner) as readonly [number, number][];
    let bytes = 0;
    let count = 0;
    for (const [, size] of sizes) {
      if (count > 0 && bytes + size > MAX_BYTES) break;
      bytes += size;
      count += 1;
    }
    const isAll = count === sizes.length && count < MAX_BATCHES;
    const last = isAll ? top : (sizes[count - 1] as readonly [number, number])[0];
    const rows = connection
      .prepare(
        `SELECT version, checksum, body FROM batch WHERE sequence > ? AND sequence <= ? AND owner <> ?
        ORDER BY sequence`,
      )
      .all(this.#seen, last, this.#owner);
    const bodies = rows.map(readBody).filter(({ damage }) => damage === undefined);
    return { bodies: bodies.map(({ body }) => body), last };
  }
}

/** Returns whether any of the owners has an unacknowledged batch up to a sequence. */
export function isPendingThrough(
  connection: SqliteConnection,
  owners: readonly number[],
  through: number,
): boolean {
  const first = connection.prepare(
    'SELECT sequence FROM batch WHERE owner = ? AND acked_at IS NULL ORDER BY number LIMIT 1',
  );
  return owners.some((owner) => Number(first.get(owner)?.[0] ?? Infinity) <= through);
}

function lastSequence(connection: SqliteConnection): number {
  return scalar(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'batch'");
}

function lastBarrier(connection: SqliteConnection): number {
  return scalar(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'barrier'");
}
