import { LEVELS } from '@vigilant/core';
import type { EncodedHead, Event, JsonObject, Level } from '@vigilant/core';
import { fromMicros } from '@vigilant/core';
import type { SqlRow, SqlValue } from '../driver';

/** The columns of an event in the order that rows are written and read. */
export const COLUMNS =
  'sequence, id, timestamp, received_at, level, severity, message, origin, source, type, "group", tags, data';

/** How many columns there are. */
export const COLUMN_COUNT = 13;

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const RANKS: Readonly<Record<Level, number>> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 };
const NO_TAGS = '[]';

/** An id as it is kept: lower-case hyphenated UUIDs as their 16 bytes, everything else as text. */
export function idToSql(id: string): string | Uint8Array {
  return id.length === 36 && UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id;
}

/** The id that `idToSql` kept. */
export function idFromSql(value: SqlValue): string {
  if (!(value instanceof Uint8Array)) return String(value);
  const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The values of a row, in the order of `COLUMNS`. */
export function toRow(sequence: number, head: EncodedHead, dataJson: string): SqlValue[] {
  return [
    sequence,
    idToSql(head.id),
    head.timestamp,
    head.receivedAt,
    RANKS[head.level],
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

/** A row, read as an event is, but only as far as somebody looks. Times of `head` are integer microseconds. */
export class RowEvent implements Event {
  readonly #row: SqlRow;
  #tags: readonly string[] | undefined;
  #data: JsonObject | undefined;

  constructor(row: SqlRow) {
    this.#row = row;
  }
  get sequence(): number {
    return this.#row[0] as number;
  }
  get id(): string {
    return idFromSql(this.#row[1] as SqlValue);
  }
  get micros(): number {
    return this.#row[2] as number;
  }
  get timestamp(): number {
    return fromMicros(this.micros);
  }
  get receivedAt(): number {
    return fromMicros(this.#row[3] as number);
  }
  get level(): Level {
    return LEVELS[this.#row[4] as number] as Level;
  }
  get severity(): number {
    return this.#row[5] as number;
  }
  get message(): string {
    return this.#row[6] as string;
  }
  get origin(): string {
    return this.#row[7] as string;
  }
  get source(): string {
    return this.#row[8] as string;
  }
  get type(): string {
    return this.#row[9] as string;
  }
  get group(): string {
    return this.#row[10] as string;
  }
  get tags(): readonly string[] {
    return (this.#tags ??=
      this.#row[11] === NO_TAGS ? [] : (JSON.parse(this.#row[11] as string) as string[]));
  }
  get data(): JsonObject {
    return (this.#data ??= JSON.parse(this.dataJson) as JsonObject);
  }
  get dataJson(): string {
    return this.#row[12] as string;
  }
  get head(): EncodedHead {
    const { id, message, level, severity, origin, source, type, group, tags } = this;
    const [timestamp, receivedAt] = [this.micros, this.#row[3] as number];
    return { id, message, level, severity, timestamp, receivedAt, origin, source, type, group, tags };
  }
}
