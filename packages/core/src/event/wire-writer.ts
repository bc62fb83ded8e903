import { isAscii, isUtf8 } from 'node:buffer';
import { HEAD_BYTES, NO_TAGS, writeHead, writeLength } from './binary-encoding';
import { JsonCopier } from './copy-json';
import type { ResolvedDefaults } from './defaults';
import { FRAME_HEAD_BYTES, eventSlab } from './event-slab';
import { Ranges } from '../util/ranges';
import { LEVEL_RANKS } from './level';
import {
  MAX_DATA_BYTES,
  MAX_ID_CHARACTERS,
  MAX_MESSAGE_BYTES,
  MAX_NAME_CODE_POINTS,
  MAX_TAGS,
  MAX_TIME_MICROS,
} from './limits';
import type { WireEvent, WireText } from './wire-event';
import { WIRE_TEXTS } from './wire-event';

const {
  id: ID,
  message: MESSAGE,
  origin: ORIGIN,
  source: SOURCE,
  type: TYPE,
  group: GROUP,
  data: DATA,
} = WIRE_TEXTS;

/** The names, in their order in the encoding. */
const NAMES = [ORIGIN, SOURCE, TYPE, GROUP] as const;

/** Index of the tags among the lengths. */
const TAGS = 6;

const TEXTS = [ID, MESSAGE, ...NAMES, DATA];

/** Length from which one native call is faster than a loop. */
const LONG_TEXT_BYTES = 128;

/** Maximum size of a written event. A larger one exceeds the limit of a field. */
const MAX_EVENT_BYTES = MAX_MESSAGE_BYTES + MAX_DATA_BYTES + 128 * 1024;

const NO_DATA = Buffer.from('{}');

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const LIST_START = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;

/** Values of fields that an event lacks. */
export interface WireContext {
  /** In integer microseconds. */
  readonly receivedAt: number;
  newId(): string;
}

/** Returns whether a `WireWriter` supports defaults. */
export function isWireDefaults({ data, tags }: ResolvedDefaults): boolean {
  return data === undefined && tags.length === 0;
}

/**
 * Writes events to the slab without decoding their texts, if `normalizeEvent` would keep these as they are.
 *
 * It reports no errors. Events that it does not write, such as invalid ones, must be passed to `normalizeEvent`, which accepts
 * them or reports why they are not valid.
 */
export class WireWriter {
  /** The default of each name. */
  readonly #names: readonly Buffer[];
  readonly #json = new JsonCopier();
  /** The tags of the current event, without repeated ones. */
  readonly #tags = new Ranges();
  #target = NO_DATA;
  /** Offset of the current event in the target. */
  #head = 0;
  /** Offset after the part of the event that is written. */
  #at = 0;
  #isAscii = true;

  /** @param defaults - Must satisfy `isWireDefaults`. */
  constructor({ origin, source, type, group }: ResolvedDefaults) {
    this.#names = [origin, source, type, group].map((name) => Buffer.from(name));
  }

  /** The offset of the last event in the slab. */
  get start(): number {
    return this.#head - FRAME_HEAD_BYTES;
  }

  /** Writes an event. Returns its id, or `undefined` if it is not written. */
  write(event: WireEvent, { receivedAt, newId }: WireContext): string | undefined {
    const { rank = LEVEL_RANKS.INFO, severity, timestamp = receivedAt } = event;
    const maxBytes = this.#maxBytes(event);
    // Checked first, because the slab of a large event would stay in memory for the small ones that follow.
    if (maxBytes > MAX_EVENT_BYTES || Math.abs(timestamp) > MAX_TIME_MICROS) return undefined;
    const createdId = hasId(event) ? undefined : newId();
    const start = eventSlab.begin(maxBytes);
    this.#target = eventSlab.bytes;
    this.#head = start + FRAME_HEAD_BYTES;
    this.#at = this.#head + HEAD_BYTES;
    this.#isAscii = true;
    const id = createdId === undefined ? this.#copyId(event) : this.#writeId(createdId);
    if (id === undefined || !this.#writeTexts(event)) return undefined;
    writeHead(this.#target, this.#head, rank, this.#isAscii, severity, timestamp, receivedAt);
    eventSlab.end(start, this.#at);
    return id;
  }

  #maxBytes(event: WireEvent): number {
    const { tags } = event;
    // Each tag gets two quotes and a comma.
    let bytes = HEAD_BYTES + MAX_ID_CHARACTERS + NO_DATA.length + NO_TAGS.length + 3 * tags.count;
    for (const { length } of this.#names) bytes += length;
    for (const text of TEXTS) if (event.has(text)) bytes += event.endOf(text) - event.startOf(text);
    for (let index = 0; index < tags.count; index += 1) bytes += tags.endOf(index) - tags.startOf(index);
    return bytes;
  }

  #writeId(id: string): string {
    this.#at += this.#target.write(id, this.#at, 'latin1');
    writeLength(this.#target, this.#head, ID, id.length);
    return id;
  }

  #copyId(event: WireEvent): string | undefined {
    const { bytes } = event;
    const start = event.startOf(ID);
    const end = event.endOf(ID);
    if (end - start > MAX_ID_CHARACTERS) return undefined;
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index] as number;
      if (byte < 0x21 || byte > 0x7e) return undefined;
      this.#put(byte);
    }
    writeLength(this.#target, this.#head, ID, end - start);
    return bytes.toString('latin1', start, end);
  }

  #writeTexts(event: WireEvent): boolean {
    if (!event.has(MESSAGE) || event.endOf(MESSAGE) - event.startOf(MESSAGE) > MAX_MESSAGE_BYTES)
      return false;
    if (!this.#copyText(MESSAGE, event.bytes, event.startOf(MESSAGE), event.endOf(MESSAGE))) return false;
    for (const name of NAMES) if (!this.#writeName(name, event)) return false;
    return this.#writeTags(event) && this.#writeData(event);
  }

  #writeName(name: WireText, event: WireEvent): boolean {
    if (!event.has(name)) {
      const value = this.#names[name - ORIGIN] as Buffer;
      return this.#copyText(name, value, 0, value.length);
    }
    // A text has at most as many code points as bytes.
    if (event.endOf(name) - event.startOf(name) > MAX_NAME_CODE_POINTS) return false;
    return this.#copyText(name, event.bytes, event.startOf(name), event.endOf(name));
  }

  #copyText(text: number, source: Buffer, start: number, end: number): boolean {
    const units = this.#copy(source, start, end);
    if (units === undefined) return false;
    writeLength(this.#target, this.#head, text, units);
    return true;
  }

  /** Copies a text; returns its length in UTF-16 code units, or `undefined` if it is not valid UTF-8. */
  #copy(source: Buffer, start: number, end: number): number | undefined {
    const target = this.#target;
    let at = this.#at;
    let bits = 0;
    if (end - start < LONG_TEXT_BYTES) {
      for (let index = start; index < end; index += 1) {
        const byte = source[index] as number;
        bits |= byte;
        target[at++] = byte;
      }
    } else {
      const text = source.subarray(start, end);
      target.set(text, at);
      at += text.length;
      if (!isAscii(text)) bits = 0x80;
    }
    this.#at = at;
    if (bits < 0x80) return end - start;
    this.#isAscii = false;
    return utf16Length(source.subarray(start, end));
  }

  /** Writes the tags as JSON, without empty and repeated ones. */
  #writeTags({ bytes, tags }: WireEvent): boolean {
    if (tags.count > MAX_TAGS) return false;
    const written = this.#tags;
    written.clear();
    let units = NO_TAGS.length;
    this.#put(LIST_START);
    for (let index = 0; index < tags.count; index += 1) {
      const start = tags.startOf(index);
      const end = tags.endOf(index);
      if (start === end || written.includes(bytes, start, end)) continue;
      if (end - start > MAX_NAME_CODE_POINTS || needsEscape(bytes, start, end)) return false;
      if (written.count > 0) this.#put(COMMA);
      this.#put(QUOTE);
      const tagUnits = this.#copy(bytes, start, end);
      if (tagUnits === undefined) return false;
      this.#put(QUOTE);
      units += tagUnits + (written.count > 0 ? 3 : 2);
      written.add(start, end);
    }
    this.#put(LIST_END);
    writeLength(this.#target, this.#head, TAGS, units);
    return true;
  }

  #put(byte: number): void {
    this.#target[this.#at] = byte;
    this.#at += 1;
  }

  #writeData(event: WireEvent): boolean {
    const { bytes } = event;
    const start = event.has(DATA) ? event.startOf(DATA) : 0;
    const end = event.has(DATA) ? event.endOf(DATA) : 0;
    if (start === end) return this.#copy(NO_DATA, 0, NO_DATA.length) !== undefined;
    // The copy is not longer. Without its whitespace, longer data may be within the limit, which `normalizeEvent` checks.
    if (end - start > MAX_DATA_BYTES) return false;
    const copied = this.#json.copyObject(bytes, start, end, this.#target, this.#at);
    if (copied === undefined) return false;
    this.#at = copied;
    if (this.#json.isAscii) return true;
    this.#isAscii = false;
    return isUtf8(bytes.subarray(start, end));
  }
}

/** Returns whether an event has its own id. An empty id and `0` mean none. */
function hasId(event: WireEvent): boolean {
  if (!event.has(ID)) return false;
  const length = event.endOf(ID) - event.startOf(ID);
  return length > 1 || (length === 1 && event.bytes[event.startOf(ID)] !== ZERO);
}

/** Returns the length of a text in UTF-16 code units, or `undefined` if it is not valid UTF-8. */
function utf16Length(text: Buffer): number | undefined {
  if (!isUtf8(text)) return undefined;
  let units = 0;
  for (const byte of text) {
    // A sequence of four bytes is two code units. Continuation bytes are not counted.
    if ((byte & 0xc0) !== 0x80) units += byte < 0xf0 ? 1 : 2;
  }
  return units;
}

/** Returns whether a text needs escape sequences in JSON. */
function needsEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) return true;
  }
  return false;
}
