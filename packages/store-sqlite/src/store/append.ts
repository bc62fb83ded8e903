import type { AppendResult } from '@vigilant/core';
import { eventFromParts, readEncoded, sameContent } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { unpack } from '../thread/packing';
import { inTransaction, scalar } from '../sqlite/transaction';
import { COLUMNS, COLUMN_COUNT, EVENT_BYTES, idToSql, readRow, toRow } from './row';

const INSERT = `INSERT INTO event (${COLUMNS}) VALUES (${'?, '.repeat(COLUMN_COUNT - 1)}?) ON CONFLICT (id) DO NOTHING`;

/** Appends packed events in one transaction. */
export function append(connection: SqliteConnection, chunks: readonly ArrayBuffer[]): AppendResult {
  const insert = connection.prepare(INSERT);
  const existing = connection.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`);
  return inTransaction(connection, () => {
    // Read under the write lock, so that processes that share the file assign each sequence once.
    const first = scalar(connection, 'SELECT last_sequence FROM store');
    let last = first;
    let duplicates = 0;
    let index = 0;
    const conflicts: number[] = [];
    for (const chunk of chunks) {
      for (const bytes of unpack(chunk)) {
        const { head, dataJson } = readEncoded(bytes);
        if (insert.run(...toRow(last + 1, head, dataJson)) === 1) last += 1;
        else {
          const row = existing.get(idToSql(head.id));
          const isSame = row !== undefined && sameContent(readRow(row), eventFromParts(head, dataJson));
          if (isSame) duplicates += 1;
          else conflicts.push(index);
        }
        index += 1;
      }
    }
    const inserted = last - first;
    if (inserted > 0)
      connection
        .prepare(
          `UPDATE store SET last_sequence = ?, events = events + ?,
          event_bytes = event_bytes + (SELECT sum(${EVENT_BYTES}) FROM event WHERE sequence > ?)`,
        )
        .run(last, inserted, first);
    return { inserted, duplicates, conflicts };
  });
}
