import { VigilantError } from '../util/errors';
import type { Event, JsonObject, JsonValue, Level } from './event';
import { LEVELS } from './event';
import { MAX_TIME_MICROS } from './limits';
import { fromMicros, toMicros } from './timestamp';

// Format version 1: one JSON object {"v":1,"d":<bytes of data>,<all fields except data>,"data":{...}}. Times are integer
// microseconds. Because the size of data comes first and data last, a store can read the head and keep data as text.

/** An event without its data. Times are integer microseconds. */
export type EncodedHead = Omit<Event, 'data'>;

/** Registered globally, so that several copies of this package share their caches. */
const ENCODED = Symbol.for('vigilant.encoded');

/** Data cached with an event. */
interface Encoded {
  /** JSON of `data`, if it was needed before the bytes. */
  dataJson: string | undefined;
  bytes: Uint8Array | undefined;
  /** Estimated number of bytes. */
  readonly estimate: number;
}

const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

const BEYOND_ASCII = /[\u0080-\u00ff]/;

const BEFORE_SIZE = '{"v":1,"d":';
const BEFORE_DATA = ',"data":';

/** Encodes an event. The bytes are cached with the event, so it is encoded only once. */
export function encodeEvent(event: Event): Uint8Array {
  const known = encodedOf(event);
  if (known?.bytes !== undefined) return known.bytes;
  const dataJson = known?.dataJson ?? JSON.stringify(event.data);
  const bytes = encode(event, toMicros(event.timestamp), toMicros(event.receivedAt), dataJson);
  if (known === undefined) remember(event, { dataJson: undefined, bytes, estimate: bytes.byteLength });
  else {
    known.bytes = bytes;
    known.dataJson = undefined;
  }
  return bytes;
}

/** Encodes the result of `readEncoded` without parsing the data. */
export function encodeParts(head: EncodedHead, dataJson: string): Uint8Array {
  return encode(head, head.timestamp, head.receivedAt, dataJson);
}

function encode(head: EncodedHead, timestamp: number, receivedAt: number, dataJson: string): Buffer {
  const { id, message, level, severity, origin, source, type, group, tags } = head;
  const fields =
    `"id":${quoteJson(id)},"message":${JSON.stringify(message)},"level":"${level}","severity":${severity}` +
    `,"timestamp":${timestamp},"receivedAt":${receivedAt}` +
    `,"origin":${quoteJson(origin)},"source":${quoteJson(source)},"type":${quoteJson(type)},"group":${quoteJson(group)}` +
    `,"tags":${JSON.stringify(tags)}`;
  return toBytes(`${BEFORE_SIZE}${Buffer.byteLength(dataJson)},${fields}${BEFORE_DATA}${dataJson}}`);
}

/** Encoded events are small, numerous and short-lived. Allocating them from shared slabs relieves the garbage collector. */
const SLAB_BYTES = 128 * 1024;
let slab = Buffer.alloc(0);
let slabUsed = 0;

function toBytes(text: string): Buffer {
  const maxBytes = text.length * 3;
  if (maxBytes > SLAB_BYTES / 8) return Buffer.from(text);
  if (slabUsed + maxBytes > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += slab.write(text, start);
  return slab.subarray(start, slabUsed);
}

/** Returns the size of an encoded event in bytes. Encodes the event if necessary. */
export function encodedSize(event: Event): number {
  return encodeEvent(event).byteLength;
}

/** Returns the sum of the sizes of encoded events in bytes. Encodes the events if necessary. */
export function totalEncodedSize(events: readonly Event[]): number {
  return events.reduce((sum, event) => sum + encodedSize(event), 0);
}

/**
 * Decodes an event that was encoded by `encodeEvent`. The bytes are cached with the event.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when the bytes are damaged or have another version.
 */
export function decodeEvent(bytes: Uint8Array): Event {
  const { head, dataJson } = readEncoded(bytes);
  const event = eventFromParts(head, dataJson);
  remember(event, { dataJson: undefined, bytes, estimate: bytes.byteLength });
  return event;
}

/** Decodes the head of an encoded event and returns its data as JSON. @throws {VigilantError} As `decodeEvent`. */
export function readEncoded(bytes: Uint8Array): { readonly head: EncodedHead; readonly dataJson: string } {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // In Latin-1 each byte is one character, so offsets in the text are offsets in the bytes.
  const text = buffer.toString('latin1');
  if (!text.startsWith(BEFORE_SIZE)) throw unreadable('it is not in format version 1');
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

/** Parses JSON; returns `undefined` when it is damaged. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
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

/** Creates the error for damaged bytes, without quoting them. */
function unreadable(reason: string): VigilantError {
  return new VigilantError('VIGILANT_EVENT_INVALID', `An encoded event cannot be read: ${reason}.`);
}

/**
 * Creates an event from its head and the JSON of its data.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when `dataJson` is not a JSON object.
 */
export function eventFromParts(head: EncodedHead, dataJson: string): Event {
  const data = dataJson === '{}' ? {} : parse(dataJson);
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw unreadable('its data is damaged');
  const { id, message, level, severity, origin, source, type, group, tags } = head;
  const timestamp = fromMicros(head.timestamp);
  const receivedAt = fromMicros(head.receivedAt);
  return {
    id,
    message,
    level,
    severity,
    timestamp,
    receivedAt,
    origin,
    source,
    type,
    group,
    tags,
    data: data as JsonObject,
  };
}

/**
 * Returns whether two events have the same content. `timestamp`, `receivedAt` and the order of keys in `data` do not count.
 */
export function sameContent(a: Event, b: Event): boolean {
  return (
    a.id === b.id &&
    a.message === b.message &&
    a.level === b.level &&
    a.severity === b.severity &&
    a.origin === b.origin &&
    a.source === b.source &&
    a.type === b.type &&
    a.group === b.group &&
    sameJson(a.tags, b.tags) &&
    sameJson(a.data, b.data)
  );
}

/** Returns the approximate size of an encoded event in bytes, without encoding an event that was just normalised. */
export function estimatedSize(event: Event): number {
  const known = encodedOf(event);
  return known === undefined ? encodedSize(event) : (known.bytes?.byteLength ?? known.estimate);
}

/** Caches the estimated size of a normalised event and, if it was created, the JSON of its data. */
export function rememberNormalized(event: Event, estimate: number, dataJson: string | undefined): void {
  remember(event, { dataJson, bytes: undefined, estimate });
}

function encodedOf(event: Event): Encoded | undefined {
  return (event as { readonly [ENCODED]?: Encoded })[ENCODED];
}

function remember(event: Event, encoded: Encoded): void {
  // Not enumerable, because a copy with different content must not have these bytes.
  if (Object.isExtensible(event)) Object.defineProperty(event, ENCODED, { value: encoded });
}

/** Equals `JSON.stringify`, but is faster for short text without special characters. */
function quoteJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, index) => sameJson(value as JsonValue, b[index] as JsonValue));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && sameJson((a as JsonObject)[key], (b as JsonObject)[key]),
  );
}
