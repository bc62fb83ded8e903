import type Database from 'better-sqlite3';
import { LEVEL_RANKS, encodedSize, sameContent, toMicros } from '@vigilant/core/adapter';
import type { AppendResult, Event, StoredEvent } from '@vigilant/core';
import type { Value } from './dialect';
import { findEvent, readStatus } from './tables';

/** Inserts a batch. Runs in a transaction that has locked the row of `store`, here with the whole database. */
export function insert(database: Database.Database, batch: readonly Event[]): AppendResult {
  const statement = database.prepare(
    `INSERT INTO event VALUES (${'?, '.repeat(13)}?) ON CONFLICT (id) DO NOTHING`,
  );
  let { lastSequence } = readStatus(database);
  let inserted = 0;
  let bytes = 0;
  const conflicts: number[] = [];
  for (const [index, event] of batch.entries()) {
    const size = encodedSize(event);
    if (statement.run(toRow(lastSequence + 1, event, size)).changes === 1) {
      lastSequence += 1;
      inserted += 1;
      bytes += size;
    } else if (!sameContent(findEvent(database, event.id) as StoredEvent, event)) conflicts.push(index);
  }
  database
    .prepare('UPDATE store SET events = events + ?, bytes = bytes + ?, last_sequence = ?')
    .run(inserted, bytes, lastSequence);
  return { inserted, duplicates: batch.length - inserted - conflicts.length, conflicts };
}

function toRow(sequence: number, event: Event, bytes: number): Value[] {
  const { id, severity, message, origin, source, type, group, tags, data } = event;
  const times = [toMicros(event.timestamp), toMicros(event.receivedAt)];
  const texts = [message, origin, source, type, group, JSON.stringify(tags), JSON.stringify(data)];
  return [sequence, id, ...times, LEVEL_RANKS[event.level], severity, ...texts, bytes];
}
