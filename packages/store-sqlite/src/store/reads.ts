import type { StoreStatus } from '@vigilant/core';
import { encodeParts } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { Transfer } from '../thread/messages';
import { packBytes } from '../thread/packing';
import { usedBytes } from './prune';
import { COLUMNS, idToSql, readRow } from './row';

/** Returns the event with an id. */
export function getEvent(open: SqliteConnection, id: string): Transfer | undefined {
  const row = open.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`).get(idToSql(id));
  if (row === undefined) return undefined;
  const event = readRow(row);
  const chunks = packBytes([encodeParts(event.head, event.dataJson)]);
  return new Transfer({ chunks, sequence: event.sequence }, chunks);
}

/** Returns the counts of the store. */
export function readCounts(open: SqliteConnection): Omit<StoreStatus, 'state' | 'reason'> {
  const row = open.prepare('SELECT epoch, events, last_sequence, pruned_through FROM store').get();
  const [epoch, events, lastSequence, prunedThrough] = row as [string, number, number, number];
  return { epoch, events, lastSequence, prunedThrough, bytes: usedBytes(open) };
}
