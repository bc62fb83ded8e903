import { LEVELS } from './event';
import type { Level } from './event';
import type { EncodedHead, EncodedParts } from './encoded-parts';
import { BEYOND_ASCII, parse, unreadable } from './encoded-parts';
import { MAX_TIME_MICROS } from './limits';

// Version 1, which other programs can read: one JSON object {"v":1,"d":<bytes of data>,<all fields except data>,"data":{...}}.
// Times are integer microseconds. Because the size of data comes first and data last, data can be kept as text.

const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

const BEFORE_SIZE = '{"v":1,"d":';
const BEFORE_DATA = ',"data":';

/** Writes an event in version 1. */
export function toJsonEncoding({ head, dataJson }: EncodedParts): string {
  const { id, message, level, severity, timestamp, receivedAt, origin, source, type, group, tags } = head;
  const fields =
    `"id":${quoteJson(id)},"message":${JSON.stringify(message)},"level":"${level}","severity":${severity}` +
    `,"timestamp":${timestamp},"receivedAt":${receivedAt}` +
    `,"origin":${quoteJson(origin)},"source":${quoteJson(source)},"type":${quoteJson(type)},"group":${quoteJson(group)}` +
    `,"tags":${JSON.stringify(tags)}`;
  return `${BEFORE_SIZE}${Buffer.byteLength(dataJson)},${fields}${BEFORE_DATA}${dataJson}}`;
}

/** Reads an event of version 1. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function readJsonEncoding(buffer: Buffer): EncodedParts {
  // In Latin-1 each byte is one character, so offsets in the text are offsets in the bytes.
  const text = buffer.toString('latin1');
  if (!text.startsWith(BEFORE_SIZE)) throw unreadable('it is not in format version 1 or 2');
  const sizeEnd = text.indexOf(',', BEFORE_SIZE.length);
  const size = text.slice(BEFORE_SIZE.length, sizeEnd);
  const dataStart = text.length - 1 - Number(size);
  const headEnd = dataStart - BEFORE_DATA.length;
  const isPlaced = /^\d{1,10}$/.test(size) && headEnd > sizeEnd && text.startsWith(BEFORE_DATA, headEnd);
  if (!isPlaced || !text.endsWith('}')) throw unreadable('its data is not at the expected offset');
  const isPlain = !BEYOND_ASCII.test(text);
  const read = (start: number, end: number): string =>
    isPlain ? text.slice(start, end) : buffer.toString('utf8', start, end);
  const head = parse(`{${read(sizeEnd + 1, headEnd)}}`);
  if (!isHead(head)) throw unreadable('a field is missing or damaged');
  return { head, dataJson: read(dataStart, text.length - 1) };
}

function isHead(value: unknown): value is EncodedHead {
  if (typeof value !== 'object' || value === null) return false;
  const { id, message, level, severity, timestamp, receivedAt, origin, source, type, group, tags } =
    value as Readonly<Record<string, unknown>>;
  return (
    typeof id === 'string' &&
    typeof message === 'string' &&
    typeof origin === 'string' &&
    typeof source === 'string' &&
    typeof type === 'string' &&
    typeof group === 'string' &&
    LEVELS.includes(level as Level) &&
    Number.isInteger(severity) &&
    Number.isSafeInteger(timestamp) &&
    Math.abs(timestamp as number) <= MAX_TIME_MICROS &&
    Number.isSafeInteger(receivedAt) &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === 'string')
  );
}

/** Equals `JSON.stringify`, but is faster for short text without special characters. */
function quoteJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
