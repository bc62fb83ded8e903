import {
  BINARY_VERSION,
  HEAD_BYTES,
  IS_ASCII_AT,
  LENGTHS_AT,
  LENGTHS_END,
  LEVEL_AT,
  RECEIVED_AT,
  SEVERITY_AT,
  TIMESTAMP_AT,
  checkHead,
  readI64,
  readU32,
} from './binary-encoding';
import { decodeEvent, encodeEvent } from './codec';
import { createEventEncoder, framesOf } from './encoded-events';
import { unreadable } from './encoded-parts';
import { FRAME_HEAD_BYTES } from './event-slab';

/** Texts as ranges of one array of UTF-8. */
export interface TextRanges {
  readonly bytes: Buffer;
  /** Offset of the first byte of each text. */
  readonly starts: Int32Array;
  /** Offset after the last byte of each text. */
  readonly ends: Int32Array;
}

/** The texts of an event in the order of their bytes. Tags and data are JSON. */
const TEXTS = ['id', 'message', 'origin', 'source', 'type', 'group', 'tags', 'data'] as const;

/** The fields of encoded events by column, as a store keeps them. */
export interface EncodedColumns extends Readonly<Record<(typeof TEXTS)[number], TextRanges>> {
  readonly count: number;
  /** Integer microseconds, as is `receivedAt`. */
  readonly timestamp: Float64Array;
  readonly receivedAt: Float64Array;
  /** Ranks of the levels. */
  readonly level: Float64Array;
  readonly severity: Float64Array;
}

/**
 * Reads the fields of the frames of `EncodedEvents` without creating texts. Tags and data are not parsed: damage to them is
 * not detected.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when the head of an event is damaged or has another version.
 */
export function readColumns(frames: Uint8Array): EncodedColumns {
  const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  const starts = startsOf(bytes);
  return starts === undefined ? readColumns(inVersion2(bytes)) : readAll(bytes, starts);
}

/** Returns the offset of each event and of the end, or `undefined` if an event has a version other than 2. */
function startsOf(bytes: Buffer): readonly number[] | undefined {
  const starts: number[] = [];
  let start = FRAME_HEAD_BYTES;
  for (; start < bytes.length; start += FRAME_HEAD_BYTES + readU32(bytes, start - FRAME_HEAD_BYTES)) {
    if (bytes[start] !== BINARY_VERSION) return undefined;
    starts.push(start);
  }
  if (start !== bytes.length + FRAME_HEAD_BYTES) throw unreadable('it is incomplete');
  starts.push(start);
  return starts;
}

/** Converts events of any version to version 2. */
function inVersion2(frames: Buffer): Buffer {
  const encoder = createEventEncoder();
  for (const event of framesOf(frames)) encoder.addBytes(encodeEvent(decodeEvent(event)));
  return Buffer.concat(encoder.finish().parts);
}

function readAll(bytes: Buffer, starts: readonly number[]): EncodedColumns {
  const count = starts.length - 1;
  const columns = createColumns(bytes, count);
  const texts = TEXTS.map((name) => columns[name]);
  for (let row = 0; row < count; row++) {
    const start = starts[row] as number;
    const end = (starts[row + 1] as number) - FRAME_HEAD_BYTES;
    readNumbers(columns, row, bytes, start, end);
    readTexts(texts, row, bytes, start, end);
  }
  return columns;
}

function createColumns(bytes: Buffer, count: number): EncodedColumns {
  const texts = (): TextRanges => ({ bytes, starts: new Int32Array(count), ends: new Int32Array(count) });
  return {
    count,
    timestamp: new Float64Array(count),
    receivedAt: new Float64Array(count),
    level: new Float64Array(count),
    severity: new Float64Array(count),
    id: texts(),
    message: texts(),
    origin: texts(),
    source: texts(),
    type: texts(),
    group: texts(),
    tags: texts(),
    data: texts(),
  };
}

function readNumbers(columns: EncodedColumns, row: number, bytes: Buffer, start: number, end: number): void {
  if (end - start < HEAD_BYTES) throw unreadable('its head is incomplete');
  const level = bytes[start + LEVEL_AT] as number;
  const timestamp = readI64(bytes, start + TIMESTAMP_AT);
  const receivedAt = readI64(bytes, start + RECEIVED_AT);
  checkHead(level, timestamp, receivedAt);
  columns.level[row] = level;
  columns.timestamp[row] = timestamp;
  columns.receivedAt[row] = receivedAt;
  columns.severity[row] = readU32(bytes, start + SEVERITY_AT) | 0;
}

function readTexts(
  texts: readonly TextRanges[],
  row: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const isAscii = bytes[start + IS_ASCII_AT] === 1;
  let at = start + HEAD_BYTES;
  let lengthAt = start + LENGTHS_AT;
  for (const { starts, ends } of texts) {
    starts[row] = at;
    if (lengthAt === start + LENGTHS_END) at = end;
    else {
      const length = readU32(bytes, lengthAt);
      at = isAscii ? at + length : skipUnits(bytes, at, end, length);
    }
    if (at > end) throw unreadable('its texts are shorter than their lengths');
    ends[row] = at;
    lengthAt += 4;
  }
}

/** Returns the offset after a number of UTF-16 code units of a text in UTF-8; beyond `end` if the text is shorter. */
function skipUnits(bytes: Buffer, start: number, end: number, units: number): number {
  let at = start;
  for (let left = units; left > 0; left--) {
    if (at >= end) return end + 1;
    const first = bytes[at] as number;
    if (first < 0x80) at += 1;
    else if (first < 0xe0) at += 2;
    else if (first < 0xf0) at += 3;
    else {
      // A character of two units.
      at += 4;
      left -= 1;
    }
  }
  return at;
}
