import { LEVEL_RANKS, RowEvent, hexToUuid, toMicros, uuidToHex } from '@vigilant/core/adapter';
import type { Event, StoredEvent } from '@vigilant/core';
import type { SqlRow } from './sql-text';
import { toSql } from './sql-text';

/** The columns of an event, in the order in which rows are written and read. */
export const COLUMNS =
  '`sequence`, `id`, `timestamp`, `received_at`, `level`, `severity`, `message`, `origin`, `source`, `type`, `group`, `tags`, `data`';

/** The columns of an event and its size. */
export const WRITTEN_COLUMNS = `${COLUMNS}, \`bytes\``;

const NO_TAGS = '[]';

/** The first byte of a stored id identifies its format. */
const UUID_TAG = 1;
const UUID_HEX = '01';
const TEXT_HEX = '00';

/** Estimated bytes of a row and its index entries without its texts. */
const ROW_OVERHEAD = 150;

/** Converts an id for its column: lower-case UUIDs with hyphens become their 16 bytes, other ids the bytes of their text. */
export function idToSql(id: string): Buffer {
  return Buffer.from(idToHex(id), 'hex');
}

function idToHex(id: string): string {
  const hex = uuidToHex(id);
  return hex === undefined ? TEXT_HEX + Buffer.from(id).toString('hex') : UUID_HEX + hex;
}

/** Converts the value of the id column to the id. */
function idFromSql(value: Buffer): string {
  return value[0] === UUID_TAG ? hexToUuid(value.toString('hex', 1)) : value.toString('utf8', 1);
}

/** An event as SQL, without its sequence. */
export interface RowText {
  /** The id column as hexadecimal digits, which sort like the bytes. */
  readonly idHex: string;
  readonly sql: string;
  /** Size of `sql` in UTF-8. */
  readonly sqlBytes: number;
  /** Bytes that the event adds to the size of the store. */
  readonly bytes: number;
}

/** Converts an event to SQL. */
export function toRowText(event: Event): RowText {
  const idHex = idToHex(event.id);
  const { message, origin, source, type, group, tags } = event;
  const tagsJson = tags.length === 0 ? NO_TAGS : JSON.stringify(tags);
  let bytes = ROW_OVERHEAD;
  let values = '';
  for (const text of [message, origin, source, type, group, tagsJson, JSON.stringify(event.data)]) {
    bytes += Buffer.byteLength(text);
    values += `${toSql(text)},`;
  }
  const sql =
    `,X'${idHex}',${toMicros(event.timestamp)},${toMicros(event.receivedAt)},${LEVEL_RANKS[event.level]},` +
    `${Number(event.severity)},${values}${bytes})`;
  return { idHex, sql, sqlBytes: Buffer.byteLength(sql), bytes };
}

/** Returns an event that decodes the columns of a row when they are read. */
export function readRow(row: SqlRow): RowEvent {
  return new RowEvent(row, readId);
}

const readId = (value: unknown): string => idFromSql(value as Buffer);

/** Decodes a complete row. */
export function toStoredEvent(row: SqlRow): StoredEvent {
  return readRow(row).toStoredEvent();
}
