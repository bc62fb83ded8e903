import type { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { HEX_VALUES } from '../bytes/hex';
import { MAX_ITEMS } from '../limits';
import type { Texts } from './text-values';
import { wantedBytes } from './wanted-bytes';

// Layout of a column of lower-case hexadecimal texts of one even length: count, bytes of each value, the values as bytes

const MIN_DIGITS = 4;

/** Returns the values of hexadecimal texts as bytes, or `undefined` unless all are lower-case and of one even length. */
export function hexDigitsOf({ bytes, starts, ends }: ByteTexts): Uint8Array | undefined {
  const digits = (ends[0] ?? 0) - (starts[0] ?? 0);
  if (digits < MIN_DIGITS || digits % 2 !== 0) return undefined;
  const values = new Uint8Array((starts.length * digits) / 2);
  let at = 0;
  for (let row = 0; row < starts.length; row++) {
    const end = ends[row] as number;
    let index = starts[row] as number;
    if (end - index !== digits) return undefined;
    let union = 0;
    for (; index < end; index += 2) {
      const high = HEX_VALUES[bytes[index] as number] as number;
      const low = HEX_VALUES[bytes[index + 1] as number] as number;
      union |= high | low;
      values[at++] = (high << 4) | low;
    }
    // A character that is not a digit has a negative value.
    if (union < 0) return undefined;
  }
  return values;
}

/** Writes a column of `count` hexadecimal texts. */
export function writeHexDigits(writer: ByteWriter, values: Uint8Array, count: number): void {
  writer.unsigned(count);
  writer.unsigned(values.length / count);
  writer.bytes(values);
}

/** Reads a column that `writeHexDigits` wrote. @throws {DamagedBlockError} */
export function readHexDigits(reader: ByteReader): Texts {
  const length = reader.count(MAX_ITEMS);
  const width = reader.unsigned();
  if (width === 0) throw new DamagedBlockError('a value has no digits');
  const values = reader.bytes(length * width);
  return {
    length,
    candidates: (texts) => findDigits(values, width, texts),
    write: (writer, index) => writer.hex(values, index * width, (index + 1) * width),
  };
}

/** Returns the indexes of the values that are one of the texts. @param width - Bytes of a value. */
function findDigits(values: Buffer, width: number, texts: ReadonlySet<string>): readonly number[] {
  const wanted: Buffer[] = [];
  for (const text of texts) {
    const value = Buffer.from(text, 'hex');
    if (value.length === width && value.toString('hex') === text) wanted.push(value);
  }
  const known = wantedBytes(wanted);
  const found: number[] = [];
  for (let start = 0; start < values.length; start += width)
    if (known.has(values, start, start + width)) found.push(start / width);
  return found;
}
