import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { dictionaryOf, readDictionary, writeDictionary } from './dictionary';
import { fixedHexOf, readFixedHex, writeFixedHex } from './fixed-hex';
import { readPlainTexts, writePlainTexts } from './plain-texts';
import type { TextColumn } from './text-column';

// Layout of a column of texts: the encoding, then its bytes.

const PLAIN = 0;
const DICTIONARY = 1;
const FIXED_HEX = 2;

/** Maximum number of different texts in a dictionary. */
const MAX_DISTINCT = 1024;

/** Writes a column of well-formed texts in the encoding that suits them. */
export function writeTexts(writer: ByteWriter, values: readonly string[]): void {
  if (writeUniformTexts(writer, values, MAX_DISTINCT)) return;
  writer.byte(PLAIN);
  writePlainTexts(writer, values);
}

/**
 * Writes a column of at most `maxDistinct` different texts, or of hexadecimal numbers. Otherwise writes nothing and
 * returns `false`.
 */
export function writeUniformTexts(
  writer: ByteWriter,
  values: readonly string[],
  maxDistinct: number,
): boolean {
  const dictionary = dictionaryOf(values, maxDistinct);
  if (dictionary !== undefined) {
    writer.byte(DICTIONARY);
    writeDictionary(writer, dictionary);
    return true;
  }
  const fixedHex = fixedHexOf(values);
  if (fixedHex === undefined) return false;
  writer.byte(FIXED_HEX);
  writeFixedHex(writer, fixedHex);
  return true;
}

/** Reads a column that `writeTexts` wrote. @throws {DamagedBlockError} */
export function readTexts(reader: ByteReader): TextColumn {
  const encoding = reader.byte();
  if (encoding === DICTIONARY) return readDictionary(reader);
  if (encoding === FIXED_HEX) return readFixedHex(reader);
  if (encoding === PLAIN) return readPlainTexts(reader);
  throw new DamagedBlockError('the encoding of its texts is unknown');
}
