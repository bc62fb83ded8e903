import type { BlockRow } from '@vigilant/blocks';
import type { EventRow } from '@vigilant/core/adapter';
import { RowEvent, hexToUuid, uuidToHex } from '@vigilant/core/adapter';
import type { SqlRow, SqlValue } from '../sqlite/driver';

/** The columns of an event in the order of `toSql` and `fromSql`. */
export const COLUMNS =
  'sequence, id, timestamp, received_at, level, severity, message, origin, source, type, "group", tags, data';

/** Number of columns. */
export const COLUMN_COUNT = 13;

/** Estimated bytes of the fields that are not texts. */
const OTHER_BYTES = 200;

/**
 * Computes the bytes of an event in SQL: those of its texts, and an estimate for the rest of its encoding.
 *
 * SQLite computes it without reading texts that are stored outside of the page of the row.
 */
export const EVENT_BYTES = ['message', 'origin', 'source', 'type', '"group"', 'tags', 'data']
  .map((column) => `octet_length(${column})`)
  .join(' + ')
  .concat(` + ${OTHER_BYTES}`);

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

/** An event as the store keeps it. */
export interface Row extends BlockRow {
  /** Its bytes as `EVENT_BYTES` computes them. */
  readonly bytes: number;
}

/** Returns the row of an event with its sequence. Listing the fields is faster than copying all. */
export function toRow(sequence: number, event: EventRow): Row {
  const { id, timestamp, receivedAt, level, severity, message, origin, source, type, group, tags, data } =
    event;
  return {
    sequence,
    id,
    timestamp,
    receivedAt,
    level,
    severity,
    message,
    origin,
    source,
    type,
    group,
    tags,
    data,
    bytes: bytesOf(event),
  };
}

/** Returns the values of a row in the order of `COLUMNS`. */
export function toSql(row: BlockRow): SqlValue[] {
  return [
    row.sequence,
    idToSql(row.id),
    row.timestamp,
    row.receivedAt,
    row.level,
    row.severity,
    row.message,
    row.origin,
    row.source,
    row.type,
    row.group,
    row.tags,
    row.data,
  ];
}

/** Returns the row with these values in the order of `COLUMNS`. */
export function fromSql(values: SqlRow): Row {
  const [sequence, id, timestamp, receivedAt, level, severity, ...texts] = values as [
    number,
    SqlValue,
    number,
    number,
    number,
    number,
    ...string[],
  ];
  const [message, origin, source, type, group, tags, data] = texts as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    sequence,
    id: idFromSql(id),
    timestamp,
    receivedAt,
    level,
    severity,
    message,
    origin,
    source,
    type,
    group,
    tags,
    data,
    bytes: bytesOf({ message, origin, source, type, group, tags, data }),
  };
}

/** The texts of an event that its bytes consist of. */
type RowTexts = Pick<BlockRow, 'message' | 'origin' | 'source' | 'type' | 'group' | 'tags' | 'data'>;

/** Returns the bytes of an event as `EVENT_BYTES` computes them. */
export function bytesOf({ message, origin, source, type, group, tags, data }: RowTexts): number {
  return (
    OTHER_BYTES +
    Buffer.byteLength(message) +
    Buffer.byteLength(origin) +
    Buffer.byteLength(source) +
    Buffer.byteLength(type) +
    Buffer.byteLength(group) +
    Buffer.byteLength(tags) +
    Buffer.byteLength(data)
  );
}

/** Returns an event that decodes the columns of a row when they are read. */
export function readRow(row: SqlRow): RowEvent {
  return new RowEvent(row, readId);
}

const readId = (value: unknown): string => idFromSql(value as SqlValue);
