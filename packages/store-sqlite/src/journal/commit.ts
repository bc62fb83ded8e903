import { VigilantError } from '@vigilant/core';
import { crc32 } from 'node:zlib';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction, scalar } from '../sqlite/transaction';
import { FatalError } from '../thread/serve';
import type { AckRange, Amount, CommitRequest, CommitResult, NewBatch } from './journal-protocol';
import { BODY_VERSION } from './journal-schema';

const INSERT = `INSERT INTO batch (owner, number, events, bytes, version, checksum, body)
  VALUES (?, ?, ?, ?, ${BODY_VERSION}, ?, ?) ON CONFLICT (owner, number) DO NOTHING`;

const RANGE = 'owner = ? AND number BETWEEN ? AND ? AND acked_at IS NULL';

/** Dependencies of `commit`. */
export interface WriteContext {
  readonly owner: number;
  readonly capacityBytes: number;
  /** Returns whether other processes have the journal open. */
  hasPeers(): boolean;
}

/** Throws if the journal cannot be written. Writes its counters and leaves them unchanged. */
export function probe(connection: SqliteConnection): void {
  inTransaction(connection, () => {
    // SQLite does not write a page for an update that leaves it equal.
    connection.prepare('UPDATE journal SET pending_bytes = pending_bytes + 1').run();
    connection.prepare('UPDATE journal SET pending_bytes = pending_bytes - 1').run();
  });
}

/** Writes batches and acknowledgements in one transaction. Rejects only the batches that exceed the capacity. */
export function commit(
  connection: SqliteConnection,
  request: CommitRequest,
  context: WriteContext,
): CommitResult {
  return inTransaction(connection, () => {
    checkOwner(connection, context.owner);
    const before = scalar(connection, 'SELECT pending_bytes FROM journal');
    let pendingBytes = before;
    const rejected: number[] = [];
    const known: number[] = [];
    let start = 0;
    for (const batch of request.batches) {
      const body = new Uint8Array(request.bodies, start, batch.bodyBytes);
      start += batch.bodyBytes;
      if (isKnown(connection, request.sentAs, batch.number)) known.push(batch.number);
      else if (pendingBytes + batch.bytes > context.capacityBytes) rejected.push(batch.number);
      else pendingBytes += insert(connection, context.owner, batch, body);
    }
    const removed: (Amount & { readonly owner: number })[] = [];
    if (request.acks.length > 0) {
      const hasPeers = context.hasPeers();
      for (const range of request.acks) {
        const amount = remove(connection, range, hasPeers || range.owner !== context.owner);
        pendingBytes -= amount.bytes;
        removed.push({ owner: range.owner, ...amount });
      }
    }
    if (pendingBytes !== before)
      connection.prepare('UPDATE journal SET pending_bytes = ?').run(Math.max(0, pendingBytes));
    return { rejected, known, removed };
  });
}

/** Throws if the owner has no row, because no process would take over its batches. */
function checkOwner(connection: SqliteConnection, owner: number): void {
  if (connection.prepare('SELECT 1 FROM owner WHERE id = ?').get(owner) === undefined)
    throw new FatalError(`Another process has taken over owner ${owner} of the journal.`);
}

/** Returns whether an earlier thread has written a batch: its answer may be lost, and the batch is then sent again. */
function isKnown(connection: SqliteConnection, sentAs: readonly number[], number: number): boolean {
  const find = connection.prepare('SELECT 1 FROM batch WHERE owner = ? AND number = ?');
  return sentAs.some((owner) => find.get(owner, number) !== undefined);
}

function insert(
  connection: SqliteConnection,
  owner: number,
  { number, events, bytes }: NewBatch,
  body: Uint8Array,
): number {
  const changes = connection.prepare(INSERT).run(owner, number, events, bytes, crc32(body), body);
  if (changes === 1) return bytes;
  throw new VigilantError('VIGILANT_INTERNAL', `Batch ${number} of owner ${owner} was written before.`);
}

/** Removes batches. @param isOnlyMarked - Whether to mark them instead, because other processes may still have to read them. */
function remove(connection: SqliteConnection, { owner, from, to }: AckRange, isOnlyMarked: boolean): Amount {
  const row = connection
    .prepare(`SELECT total(events), total(bytes) FROM batch WHERE ${RANGE}`)
    .get(owner, from, to);
  const [events, bytes] = row as [number, number];
  if (isOnlyMarked)
    connection.prepare(`UPDATE batch SET acked_at = ? WHERE ${RANGE}`).run(Date.now(), owner, from, to);
  else connection.prepare(`DELETE FROM batch WHERE ${RANGE}`).run(owner, from, to);
  return { events, bytes };
}
