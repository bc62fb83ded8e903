import type { BlockRow } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { scalar } from '../sqlite/transaction';
import { COLUMNS, bytesOf, fromSql } from './row';

/** Returns the number of events that are rows. */
export function countRows(connection: SqliteConnection): number {
  return scalar(connection, 'SELECT count(*) FROM event');
}

/** Returns the oldest events that are rows, up to a number of events and of bytes; at least one if there are any. */
export function oldestRows(connection: SqliteConnection, maxEvents: number, maxBytes: number): BlockRow[] {
  const rows: BlockRow[] = [];
  let bytes = 0;
  // With a bare parameter as the limit, SQLite prepares the statement again for each value.
  for (const values of connection
    .prepare(`SELECT ${COLUMNS} FROM event ORDER BY sequence LIMIT ? + 0`)
    .iterate(maxEvents)) {
    const row = fromSql(values);
    bytes += bytesOf(row);
    if (rows.length > 0 && bytes > maxBytes) break;
    rows.push(row);
  }
  return rows;
}

/** Returns all events that are rows. */
export function allRows(connection: SqliteConnection): BlockRow[] {
  return connection.prepare(`SELECT ${COLUMNS} FROM event ORDER BY sequence`).all().map(fromSql);
}

/** Deletes these rows. Returns `false` if another process has deleted some of them. */
export function deleteRows(connection: SqliteConnection, rows: readonly BlockRow[]): boolean {
  const [first, last] = [rows[0]?.sequence ?? 0, rows.at(-1)?.sequence ?? 0];
  const deleted = connection.prepare('DELETE FROM event WHERE sequence BETWEEN ? AND ?').run(first, last);
  return deleted === rows.length;
}
