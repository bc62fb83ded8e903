import type { EncodedHead } from '@vigilant/core/adapter';
import { LEVEL_RANKS, RowEvent, hexToUuid, uuidToHex } from '@vigilant/core/adapter';
import type { SqlRow, SqlValue } from '../sqlite/driver';

/** The columns of an event in the order of `toRow` and `readRow`. */
export const COLUMNS =
  'sequence, id, timestamp, received_at, level, severity, message, origin, source, type, "group", tags, data';

/** Number of columns. */
export const COLUMN_COUNT = 13;

/**
 * Computes the bytes of an event in SQL: those of its texts, and an estimate for the rest of its encoding.
 *
 * SQLite computes it without reading texts that are stored outside of the page of the row.
 */
export const EVENT_BYTES = ['message', 'origin', 'source', 'type', '"group"', 'tags', 'data']
  .map((column) => `octet_length(${column})`)
  .join(' + ')
  .concat(' + 200');

const NO_TAGS = '[]';

/** Converts an id for its column: lower-case UUIDs with hyphens become 16 bytes, other ids stay text. */
export function idToSql(id: string): string | Uint8Array {
  const hex = uuidToHex(id);
  return hex === undefined ? id : Buffer.from(hex, 'hex');
}

/** Converts the value of the id column to the id. */
export function idFromSql(value: SqlValue): string {
  if (!(value instanceof Uint8Array)) return String(value);
  return hexToUuid(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex'));
}

/** Returns the values of a row in the order of `COLUMNS`. */
export function toRow(sequence: number, head: EncodedHead, dataJson: string): SqlValue[] {
  return [
    sequence,
    idToSql(head.id),
    head.timestamp,
    head.receivedAt,
    LEVEL_RANKS[head.level],
    head.severity,
    head.message,
    head.origin,
    head.source,
    head.type,
    head.group,
    head.tags.length === 0 ? NO_TAGS : JSON.stringify(head.tags),
    dataJson,
  ];
}

/** Returns an event that decodes the columns of a row when they are read. */
export function readRow(row: SqlRow): RowEvent {
  return new RowEvent(row, readId);
}

const readId = (value: unknown): string => idFromSql(value as SqlValue);
