import type { EventColumns, Part } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { insertBlock } from './block-table';
import { insertIds } from './id-table';

/** Adds a block of events that were not sealed before, and their ids. Must run in a transaction. */
export function addBlock(connection: SqliteConnection, columns: EventColumns, parts: Iterable<Part>): void {
  const firstSequence = columns.fields.sequence[0] as number;
  insertBlock(connection, firstSequence, columns, parts);
  insertIds(connection, firstSequence, columns);
}
