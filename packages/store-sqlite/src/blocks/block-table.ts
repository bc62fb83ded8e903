import type { BlockHeader, Bounds, EventColumns, IdBounds, Part, PartName } from '@vigilant/blocks';
import { encodeSummary, summarize } from '@vigilant/blocks';
import type { SqliteConnection, SqlRow, SqlValue } from '../sqlite/driver';
import { totalSize } from '../rows/row';

/** What a block keeps when it is encoded again without some of its events: ids within the bounds are not in a run. */
export interface BlockKey extends IdBounds {
  /** Identifies the block; at most the first sequence of the events. */
  readonly firstSequence: number;
}

/** A block in the table. */
export interface StoredBlock extends BlockHeader, BlockKey {
  /** The bytes of the events of the block as retention counts them. */
  readonly eventBytes: number;
}

/** A part of a block in the table. */
export type StoredPartName = PartName | 'summary';

const COLUMNS =
  'first_sequence, last_sequence, count, event_bytes, min_timestamp, max_timestamp, min_received_at, max_received_at, ' +
  'min_id_time, max_id_time, min_id_number, max_id_number, debug, info, warn, error';

/** The parts in the order of their places, which never changes. */
const PARTS: readonly StoredPartName[] = [
  'sequence',
  'timestamp',
  'receivedAt',
  'level',
  'severity',
  'id',
  'message',
  'origin',
  'source',
  'type',
  'group',
  'tags',
  'data',
  'tokens',
  'summary',
  'trigrams',
  'groupTrigrams',
];

/** Number of places that each block has in the table of parts. */
const PLACES = 32;

/** Reads the headers of the blocks after one with this first sequence, in ascending order. */
export function readHeaders(connection: SqliteConnection, after: number): StoredBlock[] {
  return connection
    .prepare(`SELECT ${COLUMNS} FROM block WHERE first_sequence > ? ORDER BY first_sequence`)
    .all(after)
    .map(fromSql);
}

function fromSql(row: SqlRow): StoredBlock {
  const [firstSequence, lastSequence, count, eventBytes] = row as [number, number, number, number];
  return {
    firstSequence,
    lastSequence,
    count,
    eventBytes,
    timestamp: boundsFromSql(row[4], row[5]) as Bounds,
    receivedAt: boundsFromSql(row[6], row[7]) as Bounds,
    idTimes: boundsFromSql(row[8], row[9]),
    idNumbers: boundsFromSql(row[10], row[11]),
    levels: row.slice(12) as number[],
  };
}

function boundsFromSql(min: SqlValue | undefined, max: SqlValue | undefined): Bounds | undefined {
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : undefined;
}

/** Inserts a block. Must run in a transaction. */
export function insertBlock(
  connection: SqliteConnection,
  { firstSequence, idTimes, idNumbers }: BlockKey,
  columns: EventColumns,
  parts: Iterable<Part>,
): void {
  const summary = { ...summarize(columns), firstSequence };
  const { lastSequence, count, timestamp, receivedAt, levels } = summary;
  connection
    .prepare(`INSERT INTO block (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    .run(
      firstSequence,
      lastSequence,
      count,
      totalSize(columns.fields),
      timestamp.min,
      timestamp.max,
      receivedAt.min,
      receivedAt.max,
      idTimes?.min ?? null,
      idTimes?.max ?? null,
      idNumbers?.min ?? null,
      idNumbers?.max ?? null,
      ...levels,
    );
  const insert = connection.prepare('INSERT INTO part (place, bytes) VALUES (?, ?)');
  for (const { name, bytes } of parts) insert.run(placeOf(firstSequence, name), bytes);
  insert.run(placeOf(firstSequence, 'summary'), encodeSummary(summary));
}

/** Deletes a block. Must run in a transaction. */
export function deleteBlock(connection: SqliteConnection, firstSequence: number): void {
  connection.prepare('DELETE FROM block WHERE first_sequence = ?').run(firstSequence);
  connection
    .prepare('DELETE FROM part WHERE place BETWEEN ? AND ?')
    .run(firstSequence * PLACES, firstSequence * PLACES + PLACES - 1);
  connection.exec('UPDATE store SET blocks_changed = blocks_changed + 1');
}

/** Reads a part of a block. */
export function readPart(
  connection: SqliteConnection,
  firstSequence: number,
  name: StoredPartName,
): Uint8Array | undefined {
  const row = connection.prepare('SELECT bytes FROM part WHERE place = ?').get(placeOf(firstSequence, name));
  return row?.[0] as Uint8Array | undefined;
}

function placeOf(firstSequence: number, name: StoredPartName): number {
  return firstSequence * PLACES + PARTS.indexOf(name);
}
