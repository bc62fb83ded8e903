import { byteTextsOf } from '@vigilant/blocks';
import type { StoreStatus } from '@vigilant/core';
import type { RowEvent } from '@vigilant/core/adapter';
import { createEventEncoder } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inSnapshot } from '../sqlite/transaction';
import { Transfer } from '../thread/messages';
import { packEncoded } from '../thread/packing';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { findSealed } from '../blocks/sealed-ids';
import { usedBytes } from '../retention/prune';
import { COLUMNS, idToSql, readRow } from '../rows/row';

/** Returns the event with an id. */
export function getEvent(open: SqliteConnection, id: string): Transfer | undefined {
  const event = inSnapshot(open, () => findEvent(open, id));
  if (event === undefined) return undefined;
  const encoder = createEventEncoder();
  encoder.addRow(event.toRow());
  const chunks = packEncoded(encoder.finish());
  return new Transfer({ chunks, sequence: event.sequence }, chunks);
}

function findEvent(open: SqliteConnection, id: string): RowEvent | undefined {
  const row = open.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`).get(idToSql(id));
  if (row !== undefined) return readRow(row);
  sealedBlocks(open).refresh();
  const sealed = findSealed(open, byteTextsOf([id])).get(0);
  return sealed?.block.event(sealed.row);
}

/** Returns the counts of the store, and the damage that the connection has found. */
export function readStatus(open: SqliteConnection): Omit<StoreStatus, 'state'> {
  const counts = readCounts(open);
  const reason = sealedBlocks(open).damage.message;
  return reason === undefined ? counts : { ...counts, reason };
}

function readCounts(open: SqliteConnection): Omit<StoreStatus, 'state' | 'reason'> {
  const row = open.prepare('SELECT epoch, events, last_sequence, pruned_through FROM store').get();
  const [epoch, events, lastSequence, prunedThrough] = row as [string, number, number, number];
  return { epoch, events, lastSequence, prunedThrough, bytes: usedBytes(open) };
}
