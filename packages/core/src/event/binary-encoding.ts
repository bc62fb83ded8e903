import type { EncodedHead, EncodedParts } from './encoded-parts';
import { parse, unreadable } from './encoded-parts';
import { LEVELS } from './event';
import type { Level } from './event';
import { LEVEL_RANKS } from './level';
import { MAX_TIME_MICROS } from './limits';

// Version 2, which is read without parsing. Integers are little-endian:
//
//   0   u8   version: 2
//   1   u8   rank of the level
//   2   u8   1 if the texts are ASCII, otherwise 0
//   3   u8   0
//   4   i32  severity
//   8   i64  timestamp in microseconds
//   16  i64  receivedAt in microseconds
//   24  u32  length of each text but the last in UTF-16 code units, 7 times
//   52       the texts one after another in UTF-8: id, message, origin, source, type, group, tags as JSON, data as JSON
//
// The lengths count code units, so that the texts are written and read as one text.

export const BINARY_VERSION = 2;

export const HEAD_BYTES = 52;
export const LEVEL_AT = 1;
export const IS_ASCII_AT = 2;
export const SEVERITY_AT = 4;
export const TIMESTAMP_AT = 8;
export const RECEIVED_AT = 16;
export const LENGTHS_AT = 24;
export const LENGTHS_END = HEAD_BYTES;

export const NO_TAGS = '[]';
const TWO_TO_32 = 2 ** 32;

/** The fields of an encoded event as a store keeps them. Tags and data are JSON. */
export interface EventRow {
  readonly id: string;
  /** Integer microseconds, as is `receivedAt`. */
  readonly timestamp: number;
  readonly receivedAt: number;
  /** Rank of the level. */
  readonly level: number;
  readonly severity: number;
  readonly message: string;
  readonly origin: string;
  readonly source: string;
  readonly type: string;
  readonly group: string;
  readonly tags: string;
  readonly data: string;
}

/** Fields of an event without its times and data. */
export type WrittenFields = Omit<EncodedHead, 'timestamp' | 'receivedAt'>;

/** An event in the form in which version 2 stores it. Times are integer microseconds. */
export interface BinaryParts {
  readonly fields: Omit<WrittenFields, 'level' | 'tags'>;
  /** Rank of the level. */
  readonly rank: number;
  readonly timestamp: number;
  readonly receivedAt: number;
  /** Number of code units of the tags as JSON. */
  readonly tagsLength: number;
  /** All texts one after another. */
  readonly text: string;
}

/** Prepares an event for `writeBinary`. */
export function toBinaryParts(
  fields: WrittenFields,
  timestamp: number,
  receivedAt: number,
  dataJson: string,
): BinaryParts {
  const { id, message, origin, source, type, group, tags } = fields;
  const tagsJson = tags.length === 0 ? NO_TAGS : JSON.stringify(tags);
  const text = id + message + origin + source + type + group + tagsJson + dataJson;
  const rank = LEVEL_RANKS[fields.level] ?? LEVELS.length;
  return { fields, rank, timestamp, receivedAt, tagsLength: tagsJson.length, text };
}

/** Prepares the row of a store for `writeBinary`. */
export function rowToBinaryParts(row: EventRow): BinaryParts {
  const { id, message, level, timestamp, receivedAt, origin, source, type, group, tags, data } = row;
  const text = id + message + origin + source + type + group + tags + data;
  return { fields: row, rank: level, timestamp, receivedAt, tagsLength: tags.length, text };
}

/** Returns the maximum number of bytes that `writeBinary` writes. */
export function maxBinaryBytes({ text }: BinaryParts): number {
  return HEAD_BYTES + text.length * 3;
}

/** Writes an event in version 2; returns the offset after it. */
export function writeBinary(target: Buffer, start: number, parts: BinaryParts): number {
  const { fields, rank, timestamp, receivedAt, tagsLength, text } = parts;
  const bytes = target.write(text, start + HEAD_BYTES);
  writeHead(target, start, rank, bytes === text.length, fields.severity, timestamp, receivedAt);
  writeLength(target, start, 0, fields.id.length);
  writeLength(target, start, 1, fields.message.length);
  writeLength(target, start, 2, fields.origin.length);
  writeLength(target, start, 3, fields.source.length);
  writeLength(target, start, 4, fields.type.length);
  writeLength(target, start, 5, fields.group.length);
  writeLength(target, start, 6, tagsLength);
  return start + HEAD_BYTES + bytes;
}

/** Writes the head of an event without its lengths. */
export function writeHead(
  target: Buffer,
  start: number,
  rank: number,
  isAscii: boolean,
  severity: number,
  timestamp: number,
  receivedAt: number,
): void {
  target[start] = BINARY_VERSION;
  target[start + LEVEL_AT] = rank;
  target[start + IS_ASCII_AT] = isAscii ? 1 : 0;
  target[start + 3] = 0;
  writeU32(target, start + SEVERITY_AT, severity);
  writeI64(target, start + TIMESTAMP_AT, timestamp);
  writeI64(target, start + RECEIVED_AT, receivedAt);
}

/** Writes the length of a text of the event at an offset. @param text - The number of the text in the order of the encoding. */
export function writeLength(target: Buffer, start: number, text: number, units: number): void {
  writeU32(target, start + LENGTHS_AT + 4 * text, units);
}

/** Returns `receivedAt` of the event at an offset, in microseconds. */
export function readReceivedAt(buffer: Uint8Array, start: number): number {
  return readI64(buffer, start + RECEIVED_AT);
}

/** Reads an event of version 2. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function readBinary(buffer: Buffer): EncodedParts {
  const { tags: tagsJson, data: dataJson, level: rank, ...row } = readBinaryRow(buffer);
  const tags = tagsJson === NO_TAGS ? [] : parse(tagsJson);
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string'))
    throw unreadable('its tags are damaged');
  const { id, message, severity, timestamp, receivedAt, origin, source, type, group } = row;
  const level = LEVELS[rank] as Level;
  return {
    head: { id, message, level, severity, timestamp, receivedAt, origin, source, type, group, tags },
    dataJson,
  };
}

/** Reads the fields of an event of version 2. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function readBinaryRow(buffer: Buffer): EventRow {
  if (buffer.length < HEAD_BYTES) throw unreadable('its head is incomplete');
  const level = buffer[LEVEL_AT] as number;
  const timestamp = readI64(buffer, TIMESTAMP_AT);
  const receivedAt = readI64(buffer, RECEIVED_AT);
  checkHead(level, timestamp, receivedAt);
  const text = buffer.toString(buffer[IS_ASCII_AT] === 1 ? 'latin1' : 'utf8', HEAD_BYTES);
  const message = readU32(buffer, LENGTHS_AT);
  const origin = message + readU32(buffer, LENGTHS_AT + 4);
  const source = origin + readU32(buffer, LENGTHS_AT + 8);
  const type = source + readU32(buffer, LENGTHS_AT + 12);
  const group = type + readU32(buffer, LENGTHS_AT + 16);
  const tags = group + readU32(buffer, LENGTHS_AT + 20);
  const data = tags + readU32(buffer, LENGTHS_END - 4);
  if (data > text.length) throw unreadable('its texts are shorter than their lengths');
  return {
    id: text.slice(0, message),
    timestamp,
    receivedAt,
    level,
    severity: readU32(buffer, SEVERITY_AT) | 0,
    message: text.slice(message, origin),
    origin: text.slice(origin, source),
    source: text.slice(source, type),
    type: text.slice(type, group),
    group: text.slice(group, tags),
    tags: text.slice(tags, data),
    data: text.slice(data),
  };
}

/** Checks the numbers of a head. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function checkHead(level: number, timestamp: number, receivedAt: number): void {
  const isComplete =
    level < LEVELS.length && Math.abs(timestamp) <= MAX_TIME_MICROS && Number.isSafeInteger(receivedAt);
  if (!isComplete) throw unreadable('a field is damaged');
}

export function writeU32(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

function writeI64(target: Uint8Array, at: number, value: number): void {
  const low = value >>> 0;
  writeU32(target, at, low);
  writeU32(target, at + 4, (value - low) / TWO_TO_32);
}

export function readU32(buffer: Uint8Array, at: number): number {
  const low = (buffer[at] as number) | ((buffer[at + 1] as number) << 8);
  return (low | ((buffer[at + 2] as number) << 16) | ((buffer[at + 3] as number) << 24)) >>> 0;
}

export function readI64(buffer: Uint8Array, at: number): number {
  return (readU32(buffer, at + 4) | 0) * TWO_TO_32 + readU32(buffer, at);
}
