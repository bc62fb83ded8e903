import type { Part } from '@vigilant/blocks';
import type { Row } from '../rows/row';
import type { SqliteConnection } from '../sqlite/driver';
import { insertBlock } from './block-table';
import { insertIds } from './id-table';

/** Adds a block of events that were not sealed before, and their ids. Must run in a transaction. */
export function addBlock(connection: SqliteConnection, rows: readonly Row[], parts: Iterable<Part>): void {
  const firstSequence = (rows[0] as Row).sequence;
  insertBlock(connection, firstSequence, rows, parts);
  insertIds(connection, firstSequence, rows);
}
