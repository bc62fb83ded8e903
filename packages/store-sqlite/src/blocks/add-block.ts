import type { EventColumns, Part } from '@vigilant/blocks';
import { idBoundsOf } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { insertBlock } from './block-table';
import { insertIds } from './id-table';

/** Adds a block of events that were not sealed before, and their ids. Must run in a transaction. */
export function addBlock(connection: SqliteConnection, columns: EventColumns, parts: Iterable<Part>): void {
  const { idValues, fields } = columns;
  const firstSequence = fields.sequence[0] as number;
  const key = { firstSequence, ...idBoundsOf(idValues, fields.receivedAt) };
  insertBlock(connection, key, columns, parts);
  insertIds(connection, key, fields.id, idValues);
}
