import type { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { HEX_VALUES } from '../bytes/hex';
import type { Integers } from './integer-values';
import { readIntegers, writeIntegers } from './integers';
import type { Texts } from './text-values';

// Layout of a column of lower-case UUIDs:
//   form
//   form TIMED, if all are of version 7: the first 48 bits of each value, its time (a column of integers)
//   the digit that holds the version, the digit that holds the variant (columns of integers without bits if all are equal)
//   the other digits as bytes: 9 of each value for form TIMED, otherwise 15

const RANDOM = 0;
const TIMED = 1;

const CHARACTERS = 36;
const HYPHEN = 0x2d;
const HYPHENS = [8, 13, 18, 23];
const VERSION = 14;
const VARIANT = 19;
const TIME_BYTES = 6;
const REST_BYTES = 9;
/** Bytes of the digits without version and variant. */
const WIDTH = TIME_BYTES + REST_BYTES;
const VERSION_7 = 7;
/** Times are below this. */
const MAX_TIME = 2 ** (TIME_BYTES * 8);
/** Number of last bytes that are compared first. They are random. */
const TAIL_BYTES = 4;

/** Positions of the digits without version and variant: first those of the time, then the others. */
const DIGITS = Uint8Array.from(
  Array.from({ length: CHARACTERS }, (_, position) => position).filter(
    (position) => !HYPHENS.includes(position) && position !== VERSION && position !== VARIANT,
  ),
);

/** Some UUIDs in parts. */
export interface Uuids {
  readonly versions: Float64Array;
  readonly variants: Float64Array;
  /** For each value 15 bytes: its digits without version and variant. */
  readonly digits: Uint8Array;
}

/** Returns UUIDs in parts, or `undefined` unless all texts are lower-case UUIDs. */
export function uuidsOf({ bytes, starts, ends }: ByteTexts): Uuids | undefined {
  if (starts.length === 0) return undefined;
  const versions = new Float64Array(starts.length);
  const variants = new Float64Array(starts.length);
  const digits = new Uint8Array(starts.length * WIDTH);
  for (let row = 0, at = 0; row < starts.length; row++) {
    const start = starts[row] as number;
    if ((ends[row] as number) - start !== CHARACTERS || !hasHyphens(bytes, start)) return undefined;
    const version = HEX_VALUES[bytes[start + VERSION] as number] as number;
    const variant = HEX_VALUES[bytes[start + VARIANT] as number] as number;
    let union = version | variant;
    for (let digit = 0; digit < DIGITS.length; digit += 2) {
      const high = HEX_VALUES[bytes[start + (DIGITS[digit] as number)] as number] as number;
      const low = HEX_VALUES[bytes[start + (DIGITS[digit + 1] as number)] as number] as number;
      union |= high | low;
      digits[at++] = (high << 4) | low;
    }
    // A character that is not a digit has a negative value.
    if (union < 0) return undefined;
    versions[row] = version;
    variants[row] = variant;
  }
  return { versions, variants, digits };
}

function hasHyphens(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start + 8] === HYPHEN &&
    bytes[start + 13] === HYPHEN &&
    bytes[start + 18] === HYPHEN &&
    bytes[start + 23] === HYPHEN
  );
}

/** Writes a column of UUIDs. */
export function writeUuids(writer: ByteWriter, { versions, variants, digits }: Uuids): void {
  const isTimed = versions.every((version) => version === VERSION_7);
  writer.byte(isTimed ? TIMED : RANDOM);
  if (isTimed) writeIntegers(writer, timesOf(digits, versions.length));
  writeIntegers(writer, versions);
  writeIntegers(writer, variants);
  writer.bytes(isTimed ? withoutTimes(digits, versions.length) : digits);
}

function timesOf(digits: Uint8Array, count: number): Float64Array {
  const times = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++, at += WIDTH) {
    const high =
      ((digits[at] as number) << 16) | ((digits[at + 1] as number) << 8) | (digits[at + 2] as number);
    const low =
      ((digits[at + 3] as number) << 16) | ((digits[at + 4] as number) << 8) | (digits[at + 5] as number);
    times[row] = high * 2 ** 24 + low;
  }
  return times;
}

function withoutTimes(digits: Uint8Array, count: number): Uint8Array {
  const rest = new Uint8Array(count * REST_BYTES);
  for (let row = 0, at = 0; row < count; row++)
    for (let index = TIME_BYTES; index < WIDTH; index++) rest[at++] = digits[row * WIDTH + index] as number;
  return rest;
}

/** Reads a column that `writeUuids` wrote. @throws {DamagedBlockError} */
export function readUuids(reader: ByteReader): Texts {
  const form = reader.byte();
  if (form !== RANDOM && form !== TIMED) throw new DamagedBlockError('the form of its UUIDs is unknown');
  const times = form === TIMED ? readIntegers(reader) : undefined;
  const versions = readIntegers(reader);
  const variants = readIntegers(reader);
  const { length } = versions;
  if (variants.length !== length || (times?.length ?? length) !== length)
    throw new DamagedBlockError('its UUIDs are incomplete');
  const width = times === undefined ? WIDTH : REST_BYTES;
  const digits = reader.bytes(length * width);
  const uuid = new Uint8Array(16);
  return {
    length,
    candidates: (texts) => findTails(digits, width, texts),
    write(writer, index) {
      let at = index * width;
      if (times === undefined)
        for (let byte = 0; byte < TIME_BYTES; byte++) uuid[byte] = digits[at++] as number;
      else putTime(uuid, times.get(index));
      // The digits after the version and the variant are half a byte off.
      const [first, second] = [digits[at] as number, digits[at + 1] as number];
      uuid[6] = (digitAt(versions, index) << 4) | (first >> 4);
      uuid[7] = (first << 4) | (second >> 4);
      uuid[8] = (digitAt(variants, index) << 4) | (second & 15);
      for (let byte = 9; byte < uuid.length; byte++) uuid[byte] = digits[at + byte - 7] as number;
      writeUuid(writer, uuid);
    },
  };
}

/** Returns the indexes of the values whose last digits are those of one of the texts. */
function findTails(digits: Buffer, width: number, texts: ReadonlySet<string>): readonly number[] {
  const tails = new Set(Array.from(texts, (text) => parseInt(text.slice(-TAIL_BYTES * 2), 16) | 0));
  // The last byte alone excludes most values if few texts are wanted, which is faster.
  const lastBytes = new Uint8Array(256);
  for (const tail of tails) lastBytes[tail & 0xff] = 1;
  const found: number[] = [];
  for (let index = 0, at = width - TAIL_BYTES; at < digits.length; index++, at += width) {
    if (lastBytes[digits[at + TAIL_BYTES - 1] as number] === 0) continue;
    const high = ((digits[at] as number) << 24) | ((digits[at + 1] as number) << 16);
    const low = ((digits[at + 2] as number) << 8) | (digits[at + 3] as number);
    if (tails.has(high | low)) found.push(index);
  }
  return found;
}

/** Reads a hexadecimal digit. */
function digitAt(digits: Integers, index: number): number {
  const digit = digits.get(index);
  if (digit >= 0 && digit < 16) return digit;
  throw new DamagedBlockError('a digit of a UUID is damaged');
}

function putTime(uuid: Uint8Array, time: number): void {
  if (!(time >= 0 && time < MAX_TIME)) throw new DamagedBlockError('the time of a UUID is damaged');
  const high = Math.floor(time / 2 ** 24);
  const low = time % 2 ** 24;
  uuid[0] = high >> 16;
  uuid[1] = high >> 8;
  uuid[2] = high;
  uuid[3] = low >> 16;
  uuid[4] = low >> 8;
  uuid[5] = low;
}

function writeUuid(writer: ByteWriter, uuid: Uint8Array): void {
  writer.hex(uuid, 0, 4);
  for (let start = 4; start < 10; start += 2) {
    writer.byte(HYPHEN);
    writer.hex(uuid, start, start + 2);
  }
  writer.byte(HYPHEN);
  writer.hex(uuid, 10, 16);
}
