import { EventColumns, columnsOf, encodeParts } from '@vigilant/blocks';
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
  const fields = readColumns(joinChunks(chunks));
  const batch = new EventColumns({ ...fields, sequence: new Float64Array(fields.count) });
  return inTransaction(connection, () => {
    sealedBlocks(connection).refresh();
    const { fresh, duplicates, conflicts } = selectNew(connection, batch);
    if (fresh.length > 0) insert(connection, batch.select(fresh), limits);
    return { inserted: fresh.length, duplicates, conflicts };
  });
}

/** Inserts new events. */
function insert(connection: SqliteConnection, events: EventColumns, limits: BlockLimits): void {
  // Read under the write lock, so that processes that share the file assign each sequence once.
  const last = scalar(connection, 'SELECT last_sequence FROM store');
  const { sequence } = events.fields;
  for (let index = 0; index < sequence.length; index++) sequence[index] = last + 1 + index;
  if (mayBeBlocks(connection, events, limits)) insertBlocks(connection, events, limits);
  else insertRows(connection, events);
  connection
    .prepare('UPDATE store SET last_sequence = ?, events = events + ?, event_bytes = event_bytes + ?')
    .run(last + events.count, events.count, totalSize(events.fields));
}

function mayBeBlocks(connection: SqliteConnection, { count }: EventColumns, limits: BlockLimits): boolean {
  return (
    count >= limits.directEvents &&
    !hasExcessRows(connection, limits) &&
    // Rows of schema 1 are counted while they are rows.
    scalar(connection, 'SELECT counted_after FROM store') === 0
  );
}

function insertRows(connection: SqliteConnection, events: EventColumns): void {
  const statement = connection.prepare(INSERT);
  for (const row of rowsOf(events.fields)) statement.run(...toSql(row));
}

/** Inserts events as blocks. These may not overtake rows, so the rows are sealed with them. */
function insertBlocks(connection: SqliteConnection, events: EventColumns, limits: BlockLimits): void {
  const rows = allRows(connection);
  deleteRows(connection, rows);
  const all = rows.length === 0 ? events : columnsOf([...rows, ...rowsOf(events.fields)]);
  for (const block of cutIntoBlocks(all, limits)) addBlock(connection, block, encodeParts(block));
}
