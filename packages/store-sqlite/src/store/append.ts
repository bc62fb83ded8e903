import { encodeParts } from '@vigilant/blocks';
import type { AppendResult, Event } from '@vigilant/core';
import type { EventRow } from '@vigilant/core/adapter';
import { readEventRow, sameContent } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction, scalar } from '../sqlite/transaction';
import { unpack } from '../thread/packing';
import type { BlockLimits } from '../blocks/block-limits';
import { BLOCK_LIMITS } from '../blocks/block-limits';
import { addBlock } from '../blocks/add-block';
import { cutIntoBlocks } from '../blocks/cut';
import { allRows, deleteRows } from '../rows/row-table';
import { hasExcessRows } from '../blocks/seal';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { findSealed } from '../blocks/sealed-ids';
import type { Row } from '../rows/row';
import { COLUMNS, COLUMN_COUNT, idToSql, readRow, toRow, toSql } from '../rows/row';

const INSERT = `INSERT INTO event (${COLUMNS}) VALUES (${'?, '.repeat(COLUMN_COUNT - 1)}?)`;

/** Appends packed events in one transaction: many of them as blocks, few as rows. */
export function append(
  connection: SqliteConnection,
  chunks: readonly ArrayBuffer[],
  limits: BlockLimits = BLOCK_LIMITS,
): AppendResult {
  const batch = chunks.flatMap((chunk) => unpack(chunk)).map(readEventRow);
  return inTransaction(connection, () => {
    sealedBlocks(connection).refresh();
    // Read under the write lock, so that processes that share the file assign each sequence once.
    const last = scalar(connection, 'SELECT last_sequence FROM store');
    const { fresh, duplicates, conflicts } = selectNew(connection, batch, last);
    if (fresh.length > 0) {
      insert(connection, fresh, limits);
      connection
        .prepare('UPDATE store SET last_sequence = ?, events = events + ?, event_bytes = event_bytes + ?')
        .run(
          last + fresh.length,
          fresh.length,
          fresh.reduce((sum, row) => sum + row.bytes, 0),
        );
    }
    return { inserted: fresh.length, duplicates, conflicts };
  });
}

/** The events of a batch whose ids are new, with their sequences. */
interface Selection {
  readonly fresh: readonly Row[];
  readonly duplicates: number;
  readonly conflicts: readonly number[];
}

function selectNew(connection: SqliteConnection, batch: readonly EventRow[], last: number): Selection {
  const fresh: Row[] = [];
  const byId = new Map<string, EventRow>();
  const findStored = createSearch(connection, batch);
  const conflicts: number[] = [];
  let duplicates = 0;
  batch.forEach((event, index) => {
    const { id } = event;
    const earlier = byId.get(id);
    const stored = earlier === undefined ? findStored(id) : toEvent(earlier);
    if (stored === undefined) {
      byId.set(id, event);
      fresh.push(toRow(last + fresh.length + 1, event));
    } else if (sameContent(stored, toEvent(event))) duplicates += 1;
    else conflicts.push(index);
  });
  return { fresh, duplicates, conflicts };
}

function toEvent(row: EventRow): Event {
  return readRow(toSql(toRow(0, row)));
}

/** Returns a function that finds the stored event with the id of an event of the batch. */
function createSearch(
  connection: SqliteConnection,
  batch: readonly EventRow[],
): (id: string) => Event | undefined {
  const sealed = findSealed(
    connection,
    batch.map(({ id }) => id),
  );
  const hasRows = connection.prepare('SELECT 1 FROM event LIMIT 1').get() !== undefined;
  const find = connection.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`);
  return (id) => {
    const place = sealed.get(id);
    if (place !== undefined) return place.block.event(place.row);
    const row = hasRows ? find.get(idToSql(id)) : undefined;
    return row === undefined ? undefined : readRow(row);
  };
}

/** Inserts new events. Those that become blocks may not overtake rows, so these are sealed with them. */
function insert(connection: SqliteConnection, fresh: readonly Row[], limits: BlockLimits): void {
  const isDirect =
    fresh.length >= limits.directEvents &&
    !hasExcessRows(connection, limits) &&
    // Rows of schema 1 are counted while they are rows.
    scalar(connection, 'SELECT counted_after FROM store') === 0;
  if (isDirect) insertBlocks(connection, fresh, limits);
  else {
    const statement = connection.prepare(INSERT);
    for (const row of fresh) statement.run(...toSql(row));
  }
}

function insertBlocks(connection: SqliteConnection, fresh: readonly Row[], limits: BlockLimits): void {
  const rows = allRows(connection);
  deleteRows(connection, rows);
  for (const block of cutIntoBlocks([...rows, ...fresh], limits))
    addBlock(connection, block, encodeParts(block));
}
