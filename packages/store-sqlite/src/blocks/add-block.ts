import type { BlockRow, Part } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { insertBlock } from './block-table';
import { insertIds } from './id-table';

/** Adds a block of events that were not sealed before, and their ids. Must run in a transaction. */
export function addBlock(
  connection: SqliteConnection,
  rows: readonly BlockRow[],
  parts: Iterable<Part>,
): void {
  const firstSequence = (rows[0] as BlockRow).sequence;
  insertBlock(connection, firstSequence, rows, parts);
  insertIds(connection, firstSequence, rows);
}
