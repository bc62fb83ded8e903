import { BINARY_VERSION, readBinary, readBinaryRow, toBinaryParts } from './binary-encoding';
import type { EncodedHead, EncodedParts } from './encoded-parts';
import { parse, unreadable } from './encoded-parts';
import type { Event, JsonObject, JsonValue } from './event';
import { FRAME_HEAD_BYTES, eventSlab } from './event-slab';
import { readJsonEncoding, toJsonEncoding } from './json-encoding';
import { fromMicros, toMicros } from './timestamp';

// An event is encoded in one of two versions: 1 is JSON for other programs, 2 is binary and used between broker and store. Both
// must remain readable, because journals, Kafka topics and dead letters keep them.

/** Registered globally, so that several copies of this package share their caches. */
const ENCODED = Symbol.for('vigilant.encoded');

/** Data cached with an event. */
interface Encoded {
  /** JSON of `data`, if it was needed before the bytes. */
  dataJson: string | undefined;
  /** The event in version 2. */
  bytes: Uint8Array | undefined;
  /** Estimated number of bytes. */
  readonly estimate: number;
}

/** Encodes an event in version 2. The bytes are cached with the event, so it is encoded only once. */
export function encodeEvent(event: Event): Uint8Array {
  const known = encodedOf(event);
  if (known?.bytes !== undefined) return known.bytes;
  const start = writeEvent(event);
  const bytes = eventSlab.bytes.subarray(start + FRAME_HEAD_BYTES, eventSlab.used);
  if (known === undefined) remember(event, { dataJson: undefined, bytes, estimate: bytes.byteLength });
  else {
    known.bytes = bytes;
    known.dataJson = undefined;
  }
  return bytes;
}

/** Encodes an event in version 1: JSON in UTF-8, which other programs can read. */
export function encodeEventJson(event: Event): Uint8Array {
  const { id, message, level, severity, origin, source, type, group, tags } = event;
  const timestamp = toMicros(event.timestamp);
  const receivedAt = toMicros(event.receivedAt);
  const head = { id, message, level, severity, timestamp, receivedAt, origin, source, type, group, tags };
  return Buffer.from(toJsonEncoding({ head, dataJson: dataJsonOf(event) }));
}

/** Encodes the result of `readEncoded` in version 2 without parsing the data. */
export function encodeParts(head: EncodedHead, dataJson: string): Uint8Array {
  const start = eventSlab.append(toBinaryParts(head, head.timestamp, head.receivedAt, dataJson));
  return eventSlab.bytes.subarray(start + FRAME_HEAD_BYTES, eventSlab.used);
}

/** Appends an event to the slab without caching its bytes; returns the offset of its frame. */
export function writeEvent(event: Event, dataJson = dataJsonOf(event)): number {
  const { timestamp, receivedAt } = event;
  return eventSlab.append(toBinaryParts(event, toMicros(timestamp), toMicros(receivedAt), dataJson));
}

/** Returns the bytes of an event if it was encoded before. */
export function knownBytes(event: Event): Uint8Array | undefined {
  return encodedOf(event)?.bytes;
}

function dataJsonOf(event: Event): string {
  const known = encodedOf(event);
  if (known?.bytes !== undefined) return readBinaryRow(toBuffer(known.bytes)).data;
  return known?.dataJson ?? JSON.stringify(event.data);
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
 * Decodes an event of either version. Bytes of version 2 are cached with the event.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when the bytes are damaged or have another version.
 */
export function decodeEvent(bytes: Uint8Array): Event {
  const { head, dataJson } = readEncoded(bytes);
  const event = eventFromParts(head, dataJson);
  const known = bytes[0] === BINARY_VERSION ? bytes : undefined;
  remember(event, { dataJson: undefined, bytes: known, estimate: bytes.byteLength });
  return event;
}

/** Decodes the head of an event of either version and returns its data as JSON. @throws {VigilantError} As `decodeEvent`. */
export function readEncoded(bytes: Uint8Array): EncodedParts {
  const buffer = toBuffer(bytes);
  return buffer[0] === BINARY_VERSION ? readBinary(buffer) : readJsonEncoding(buffer);
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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

/** Returns whether two events have the same content. Ignores `timestamp`, `receivedAt` and the order of keys in `data`. */
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

/** Caches the estimated size of an event unless its size is known. */
export function rememberEstimate(event: Event, estimate: number): void {
  if (encodedOf(event) === undefined) rememberNormalized(event, estimate, undefined);
}

function encodedOf(event: Event): Encoded | undefined {
  return (event as { readonly [ENCODED]?: Encoded })[ENCODED];
}

function remember(event: Event, encoded: Encoded): void {
  // Not enumerable, because a copy with different content must not have these bytes.
  if (Object.isExtensible(event)) Object.defineProperty(event, ENCODED, { value: encoded });
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
