import type { BlockRow, ByteTexts, FieldColumns } from '@vigilant/blocks';
import { textAt } from '@vigilant/blocks';
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

/** Returns one of some events as a row. */
export function rowAt(fields: FieldColumns, index: number): BlockRow {
  return {
    sequence: fields.sequence[index] as number,
    id: textAt(fields.id, index),
    timestamp: fields.timestamp[index] as number,
    receivedAt: fields.receivedAt[index] as number,
    level: fields.level[index] as number,
    severity: fields.severity[index] as number,
    message: textAt(fields.message, index),
    origin: textAt(fields.origin, index),
    source: textAt(fields.source, index),
    type: textAt(fields.type, index),
    group: textAt(fields.group, index),
    tags: textAt(fields.tags, index),
    data: textAt(fields.data, index),
  };
}

/** Returns events as rows. */
export function rowsOf(fields: FieldColumns): BlockRow[] {
  return Array.from(fields.sequence, (_, index) => rowAt(fields, index));
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
export function fromSql(values: SqlRow): BlockRow {
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
  };
}

/** Returns the bytes of an event as `EVENT_BYTES` computes them. */
export function bytesOf({ message, origin, source, type, group, tags, data }: BlockRow): number {
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

/** Returns the bytes of each event as `EVENT_BYTES` computes them. */
export function sizesOf(fields: FieldColumns): Float64Array {
  const sizes = new Float64Array(fields.sequence.length).fill(OTHER_BYTES);
  for (const { starts, ends } of countedTexts(fields))
    for (let row = 0; row < sizes.length; row++)
      (sizes[row] as number) += (ends[row] as number) - (starts[row] as number);
  return sizes;
}

/** Returns the bytes of all events as `EVENT_BYTES` computes them. */
export function totalSize(fields: FieldColumns): number {
  const count = fields.sequence.length;
  let size = count * OTHER_BYTES;
  for (const { starts, ends } of countedTexts(fields))
    for (let row = 0; row < count; row++) size += (ends[row] as number) - (starts[row] as number);
  return size;
}

/** Returns the texts that the bytes of events consist of. */
function countedTexts(fields: FieldColumns): readonly ByteTexts[] {
  const { message, origin, source, type, group, tags, data } = fields;
  return [message, origin, source, type, group, tags, data];
}

/** Returns an event that decodes the columns of a row when they are read. */
export function readRow(row: SqlRow): RowEvent {
  return new RowEvent(row, readId);
}

const readId = (value: unknown): string => idFromSql(value as SqlValue);
