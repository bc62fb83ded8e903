import type { EventColumns } from '@vigilant/blocks';
import { columnsOf, encodeParts, selectEvents } from '@vigilant/blocks';
import type { AppendResult } from '@vigilant/core';
import { readColumns } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction, scalar } from '../sqlite/transaction';
import { joinChunks } from '../thread/packing';
import type { BlockLimits } from '../blocks/block-limits';
import { BLOCK_LIMITS } from '../blocks/block-limits';
import { addBlock } from '../blocks/add-block';
import { cutIntoBlocks } from '../blocks/cut';
import { hasExcessRows } from '../blocks/seal';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { COLUMNS, COLUMN_COUNT, rowsOf, toSql, totalSize } from '../rows/row';
import { allRows, deleteRows } from '../rows/row-table';
import { selectNew } from './select-new';

const INSERT = `INSERT INTO event (${COLUMNS}) VALUES (${'?, '.repeat(COLUMN_COUNT - 1)}?)`;

/** Appends packed events in one transaction: many of them as blocks, few as rows. */
export function append(
  connection: SqliteConnection,
  chunks: readonly ArrayBuffer[],
  limits: BlockLimits = BLOCK_LIMITS,
): AppendResult {
  const batch = readColumns(joinChunks(chunks));
  return inTransaction(connection, () => {
    sealedBlocks(connection).refresh();
    const { fresh, duplicates, conflicts } = selectNew(connection, batch);
    const inserted = fresh.length;
    if (inserted > 0) {
      // Read under the write lock, so that processes that share the file assign each sequence once.
      const last = scalar(connection, 'SELECT last_sequence FROM store');
      const events = selectEvents(batch, fresh, last + 1);
      insert(connection, events, limits);
      connection
        .prepare('UPDATE store SET last_sequence = ?, events = events + ?, event_bytes = event_bytes + ?')
        .run(last + inserted, inserted, totalSize(events.fields));
    }
    return { inserted, duplicates, conflicts };
  });
}

/** Inserts new events. Those that become blocks may not overtake rows, so these are sealed with them. */
function insert(connection: SqliteConnection, events: EventColumns, limits: BlockLimits): void {
  const isDirect =
    events.count >= limits.directEvents &&
    !hasExcessRows(connection, limits) &&
    // Rows of schema 1 are counted while they are rows.
    scalar(connection, 'SELECT counted_after FROM store') === 0;
  if (isDirect) insertBlocks(connection, events, limits);
  else {
    const statement = connection.prepare(INSERT);
    for (const row of rowsOf(events.fields)) statement.run(...toSql(row));
  }
}

function insertBlocks(connection: SqliteConnection, events: EventColumns, limits: BlockLimits): void {
  const rows = allRows(connection);
  deleteRows(connection, rows);
  const all = rows.length === 0 ? events : columnsOf([...rows, ...rowsOf(events.fields)]);
  for (const block of cutIntoBlocks(all, limits)) addBlock(connection, block, encodeParts(block));
}
