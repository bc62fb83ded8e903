import type { WireEvent, WireText } from '@vigilant/core/adapter';
import { WIRE_TEXTS } from '@vigilant/core/adapter';
import { Level } from '../generated/vigilant-v1';
import { MAX_NANOS, MAX_SECONDS, toEpochMicros } from './timestamp';
import { WireScanner } from './wire-scanner';

// Tags of `vigilant.v1.Event`: the number of a field, shifted by three bits, and its wire type.
const LEVEL = 0x18;
const SEVERITY = 0x20;
const TIMESTAMP = 0x2a;
const TAGS = 0x52;
const SEQUENCE = 0x70;

const TEXTS: readonly (WireText | undefined)[] = textsByTag({
  0x0a: WIRE_TEXTS.id,
  0x12: WIRE_TEXTS.message,
  0x32: WIRE_TEXTS.origin,
  0x3a: WIRE_TEXTS.source,
  0x42: WIRE_TEXTS.type,
  0x4a: WIRE_TEXTS.group,
  0x62: WIRE_TEXTS.data,
});

// Tags of `google.protobuf.Timestamp`.
const SECONDS = 0x08;
const NANOS = 0x10;

const MAX_INT32 = 2 ** 31 - 1;

/**
 * Reads the fields of an encoded `vigilant.v1.Event` without creating a message.
 *
 * Returns `false` for events that must be decoded with the codec instead: those that are not valid, which the codec reports, and
 * those with values out of range, a Struct, negative numbers, `received_at`, more than 64 tags, unknown fields or a repeated text.
 */
export function scanEvent(bytes: Buffer, start: number, end: number, event: WireEvent): boolean {
  event.clear(bytes);
  const scanner = new WireScanner(bytes, start, end);
  while (!scanner.isAtEnd) {
    const tag = scanner.readTag();
    const text = TEXTS[tag];
    const isRead = text === undefined ? scanField(tag, scanner, event) : scanText(text, scanner, event);
    if (!isRead) return false;
  }
  return true;
}

function scanText(text: WireText, scanner: WireScanner, event: WireEvent): boolean {
  if (event.has(text) || !scanner.skipLength()) return false;
  event.setText(text, scanner.start, scanner.at);
  return true;
}

function scanField(tag: number, scanner: WireScanner, event: WireEvent): boolean {
  switch (tag) {
    case LEVEL: {
      const level = scanner.readVarint();
      event.rank = level === Level.LEVEL_UNSPECIFIED ? undefined : level - 1;
      return level >= 0 && level <= Level.LEVEL_ERROR;
    }
    case SEVERITY:
      event.severity = scanner.readVarint();
      return event.severity >= 0 && event.severity <= MAX_INT32;
    case TIMESTAMP:
      return scanner.skipLength() && scanTimestamp(scanner, event);
    case TAGS:
      return scanner.skipLength() && event.addTag(scanner.start, scanner.at);
    case SEQUENCE:
      // Ignored in requests.
      return scanner.readVarint() >= 0;
    default:
      return false;
  }
}

/** Reads the value that was skipped last as a timestamp. */
function scanTimestamp({ bytes, start, at }: WireScanner, event: WireEvent): boolean {
  const scanner = new WireScanner(bytes, start, at);
  let seconds = 0;
  let nanos = 0;
  while (!scanner.isAtEnd) {
    const tag = scanner.readTag();
    if (tag === SECONDS) seconds = scanner.readVarint();
    else if (tag === NANOS) nanos = scanner.readVarint();
    else return false;
    if (seconds < 0 || seconds > MAX_SECONDS || nanos < 0 || nanos > MAX_NANOS) return false;
  }
  event.timestamp = toEpochMicros(seconds, nanos);
  return true;
}

function textsByTag(texts: Readonly<Record<number, WireText>>): (WireText | undefined)[] {
  return Array.from({ length: 128 }, (_, tag) => texts[tag]);
}
