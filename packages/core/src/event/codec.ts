import { VigilantError } from '../util/errors';
import type { Event, JsonObject, JsonValue, Level } from './event';
import { LEVELS } from './event';
import { MAX_TIME_MICROS } from './limits';
import { fromMicros, toMicros } from './micros';

// The form, version 1: one JSON object {"v":1,"d":<bytes of data>,<all fields but data>,"data":{...}}. Times are integer
// microseconds. With the size of data up front and data last, a store reads the head and keeps data as the text it is.

/** An event without its data, with times as integer microseconds: what a store of columns needs. */
export type EncodedHead = Omit<Event, 'data'>;

/** Registered, so that two copies of this package share what they remember. */
const ENCODED = Symbol.for('vigilant.encoded');

/** What is remembered with an event. */
interface Encoded {
  /** The JSON of `data`, when it was needed before the bytes. */
  dataJson: string | undefined;
  bytes: Uint8Array | undefined;
  /** About how many bytes there will be. */
  readonly estimate: number;
}

const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

const BEYOND_ASCII = /[\u0080-\u00ff]/;

const BEFORE_SIZE = '{"v":1,"d":';
const BEFORE_DATA = ',"data":';

/** Encodes an event; the bytes are remembered with it, so that it is encoded once. */
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

/** Encodes what `readEncoded` gave, without looking into the data. */
export function encodeParts(head: EncodedHead, dataJson: string): Uint8Array {
  return encode(head, head.timestamp, head.receivedAt, dataJson);
}

function encode(head: EncodedHead, timestamp: number, receivedAt: number, dataJson: string): Buffer {
  const { id, message, level, severity, origin, source, type, group, tags } = head;
  const fields =
    `"id":${quote(id)},"message":${JSON.stringify(message)},"level":"${level}","severity":${severity}` +
    `,"timestamp":${timestamp},"receivedAt":${receivedAt}` +
    `,"origin":${quote(origin)},"source":${quote(source)},"type":${quote(type)},"group":${quote(group)}` +
    `,"tags":${JSON.stringify(tags)}`;
  return toBytes(`${BEFORE_SIZE}${Buffer.byteLength(dataJson)},${fields}${BEFORE_DATA}${dataJson}}`);
}

/** Events are many, small and soon gone: a shared piece of memory for some hundred of them spares the collector much. */
const SLAB_BYTES = 128 * 1024;
let slab = Buffer.alloc(0);
let slabUsed = 0;

function toBytes(text: string): Buffer {
  const most = text.length * 3;
  if (most > SLAB_BYTES / 8) return Buffer.from(text);
  if (slabUsed + most > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += slab.write(text, start);
  return slab.subarray(start, slabUsed);
}

/** The size of an event as `encodeEvent` makes it, in bytes. */
export function encodedSize(event: Event): number {
  return encodeEvent(event).byteLength;
}

/**
 * Decodes what `encodeEvent` made; the bytes are remembered.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when the bytes are damaged or of another version.
 */
export function decodeEvent(bytes: Uint8Array): Event {
  const { head, dataJson } = readEncoded(bytes);
  const event = eventFromParts(head, dataJson);
  remember(event, { dataJson: undefined, bytes, estimate: bytes.byteLength });
  return event;
}

/** Reads the head of an encoded event and leaves its data as text. @throws {VigilantError} as `decodeEvent` */
export function readEncoded(bytes: Uint8Array): { readonly head: EncodedHead; readonly dataJson: string } {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // As Latin-1 each byte is one character, so that offsets in the text are offsets in the bytes.
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

/** Creates an event from its head and the JSON of its data. @throws {VigilantError} when `dataJson` is not a JSON object */
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

/** Tells whether two events say the same, whenever it was said; the order of keys in `data` does not matter. */
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

/** About the size of an event as `encodeEvent` makes it, in bytes, without encoding it if that was not done yet. */
export function estimatedSize(event: Event): number {
  const known = encodedOf(event);
  return known === undefined ? encodedSize(event) : (known.bytes?.byteLength ?? known.estimate);
}

/** Remembers what normalising learned of a new event; `dataJson` only where it was made. */
export function rememberNormalized(event: Event, estimate: number, dataJson: string | undefined): void {
  remember(event, { dataJson, bytes: undefined, estimate });
}

function encodedOf(event: Event): Encoded | undefined {
  return (event as { readonly [ENCODED]?: Encoded })[ENCODED];
}

function remember(event: Event, encoded: Encoded): void {
  // Not enumerable: a copy with other content must not carry these bytes.
  if (Object.isExtensible(event)) Object.defineProperty(event, ENCODED, { value: encoded });
}

/** As JSON.stringify does, faster for the short and plain texts that these fields mostly hold. */
function quote(text: string): string {
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
