import { hexToUuid, uuidToHex } from '@vigilant/core/adapter';
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_ITEMS } from '../limits';
import { readIntegers, writeIntegers } from './integers';
import type { TextColumn } from './text-column';

// Layout of a column of lower-case hexadecimal texts of one length:
//   form, count
//   form DIGITS: bytes of each value, the values as bytes
//   form UUID: 16 bytes of each value
//   form UUID7: the first 48 bits of each value, its time (a column of integers), then 10 bytes of each value

const DIGITS = 0;
const UUID = 1;
const UUID7 = 2;

const HEX = /^[\da-f]+$/;
const TIME_DIGITS = 12;
const UUID_BYTES = 16;
/** Position of the version among the digits of a UUID. */
const VERSION_DIGIT = 12;

/** Texts of one length, as hexadecimal digits. */
export interface FixedHex {
  readonly form: number;
  readonly digits: readonly string[];
}

/** Returns the digits of some texts, or `undefined` unless all are lower-case hexadecimal and of one even length. */
export function fixedHexOf(values: readonly string[]): FixedHex | undefined {
  const [first = ''] = values;
  if (uuidToHex(first) !== undefined) return uuidsOf(values);
  if (first.length < 4 || first.length % 2 !== 0) return undefined;
  const fits = (value: string): boolean => value.length === first.length && HEX.test(value);
  return values.every(fits) ? { form: DIGITS, digits: values } : undefined;
}

function uuidsOf(values: readonly string[]): FixedHex | undefined {
  const digits: string[] = [];
  for (const value of values) {
    const hex = uuidToHex(value);
    if (hex === undefined) return undefined;
    digits.push(hex);
  }
  return { form: digits.every((each) => each[VERSION_DIGIT] === '7') ? UUID7 : UUID, digits };
}

/** Writes a column of hexadecimal texts. */
export function writeFixedHex(writer: ByteWriter, { form, digits }: FixedHex): void {
  writer.byte(form);
  writer.unsigned(digits.length);
  if (form === DIGITS) writer.unsigned((digits[0] as string).length / 2);
  if (form === UUID7) {
    writeIntegers(
      writer,
      digits.map((each) => Number.parseInt(each.slice(0, TIME_DIGITS), 16)),
    );
    for (const each of digits) writer.hex(each.slice(TIME_DIGITS));
  } else for (const each of digits) writer.hex(each);
}

/** Reads a column that `writeFixedHex` wrote. @throws {DamagedBlockError} */
export function readFixedHex(reader: ByteReader): TextColumn {
  const form = reader.byte();
  const count = reader.count(MAX_ITEMS);
  if (form === UUID7) return readUuid7(reader, count);
  if (form !== UUID && form !== DIGITS) throw new DamagedBlockError('the form of its digits is unknown');
  const width = form === UUID ? UUID_BYTES : reader.unsigned();
  const bytes = reader.bytes(count * width);
  const digitsOf = (index: number): string => bytes.toString('hex', index * width, (index + 1) * width);
  return { length: count, get: form === UUID ? (index) => hexToUuid(digitsOf(index)) : digitsOf };
}

function readUuid7(reader: ByteReader, count: number): TextColumn {
  const times = readIntegers(reader);
  if (times.length !== count) throw new DamagedBlockError('its times are incomplete');
  const width = UUID_BYTES - TIME_DIGITS / 2;
  const bytes = reader.bytes(count * width);
  return {
    length: count,
    get: (index) =>
      hexToUuid(
        (times[index] as number).toString(16).padStart(TIME_DIGITS, '0') +
          bytes.toString('hex', index * width, (index + 1) * width),
      ),
  };
}
