import type Database from 'better-sqlite3';
import { RowEvent } from '@vigilant/core/adapter';
import type { StoredEvent, StoreStatus } from '@vigilant/core';

/** The row of `store` has the counters. Every transaction that writes locks it first, so sequences become visible in order. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS store (
  "only" INTEGER PRIMARY KEY, epoch TEXT NOT NULL, events INTEGER NOT NULL, bytes INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL, pruned_through INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event (
  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT NULL, received_at INTEGER NOT NULL,
  level INTEGER NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL, origin TEXT NOT NULL,
  source TEXT NOT NULL, type TEXT NOT NULL, "group" TEXT NOT NULL, tags TEXT NOT NULL, data TEXT NOT NULL,
  bytes INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_time ON event (timestamp, sequence);`;

/** The columns in the order that `RowEvent` requires. */
export const COLUMNS =
  'sequence, id, timestamp, received_at, level, severity, message, origin, source, type, "group", tags, data';

export function findEvent(database: Database.Database, id: string): StoredEvent | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`).raw().get(id);
  return row === undefined ? undefined : readRow(row);
}

export function readRow(row: unknown): StoredEvent {
  return new RowEvent(row as unknown[], String).toStoredEvent();
}

export function readStatus(database: Database.Database): StoreStatus {
  const columns = 'epoch, events, bytes, last_sequence, pruned_through';
  const row = database.prepare(`SELECT ${columns} FROM store`).raw().get();
  const [epoch, events, bytes, lastSequence, prunedThrough] = row as [string, number, number, number, number];
  return { epoch, events, bytes, lastSequence, prunedThrough, state: 'ready' };
}
