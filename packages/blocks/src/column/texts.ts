import type { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { decimalsOf, readDecimals } from './decimals';
import { MAX_DICTIONARY_TEXTS, readDictionary, writeDictionary } from './dictionary';
import type { DistinctTexts } from './distinct-texts';
import { distinctTexts } from './distinct-texts';
import { hexDigitsOf, readHexDigits, writeHexDigits } from './hex-digits';
import { writeIntegers } from './integers';
import { readPlainTexts, writePlainTexts } from './plain-texts';
import type { CharacterClass } from './text-column';
import type { Texts } from './text-values';
import { readUuids, uuidsOf, writeUuids } from './uuids';

// Layout of a column of texts: the encoding, then its bytes.

const PLAIN = 0;
const DICTIONARY = 1;
const HEX_DIGITS = 2;
const UUIDS = 3;
const DECIMALS = 4;

/** Minimum average number of uses of the texts of a dictionary. */
const MIN_USES = 3;

/** Writes a column of well-formed texts in the encoding that suits them. @param distinct - The different texts, if known. */
export function writeTexts(writer: ByteWriter, texts: ByteTexts, distinct?: DistinctTexts): void {
  if (!writeUniformTexts(writer, texts, MAX_DICTIONARY_TEXTS, distinct)) writeOtherTexts(writer, texts);
}

/** Writes a column of texts of which `writeUniformTexts` returned `false`. */
export function writeOtherTexts(writer: ByteWriter, texts: ByteTexts): void {
  writer.byte(PLAIN);
  writePlainTexts(writer, texts);
}

/**
 * Writes a column of at most `maxDistinct` different texts, or of decimal or hexadecimal numbers. Otherwise writes nothing
 * and returns `false`.
 */
export function writeUniformTexts(
  writer: ByteWriter,
  texts: ByteTexts,
  maxDistinct: number,
  distinct?: DistinctTexts,
): boolean {
  const maxTexts = Math.max(1, Math.min(maxDistinct, Math.floor(texts.starts.length / MIN_USES)));
  const dictionary = ifSmall(distinct ?? distinctTexts(texts, maxTexts), maxTexts);
  if (dictionary !== undefined) {
    writer.byte(DICTIONARY);
    writeDictionary(writer, dictionary);
    return true;
  }
  const uuids = uuidsOf(texts);
  if (uuids !== undefined) {
    writer.byte(UUIDS);
    writeUuids(writer, uuids);
    return true;
  }
  const decimals = decimalsOf(texts);
  if (decimals !== undefined) {
    writer.byte(DECIMALS);
    writeIntegers(writer, decimals);
    return true;
  }
  const digits = hexDigitsOf(texts);
  if (digits === undefined) return false;
  writer.byte(HEX_DIGITS);
  writeHexDigits(writer, digits, texts.starts.length);
  return true;
}

function ifSmall(distinct: DistinctTexts | undefined, maxTexts: number): DistinctTexts | undefined {
  return distinct !== undefined && distinct.texts.starts.length <= maxTexts ? distinct : undefined;
}

/** Reads a column that `writeTexts` wrote. @throws {DamagedBlockError} */
export function readTexts(reader: ByteReader): Texts {
  const encoding = reader.byte();
  if (encoding === DICTIONARY) return readDictionary(reader);
  if (encoding === HEX_DIGITS) return readHexDigits(reader);
  if (encoding === UUIDS) return readUuids(reader);
  if (encoding === DECIMALS) return readDecimals(reader);
  if (encoding === PLAIN) return readPlainTexts(reader);
  throw new DamagedBlockError('the encoding of its texts is unknown');
}

/** Returns which characters the texts of an encoded column consist of. */
export function charactersOf(bytes: Uint8Array): CharacterClass {
  if (bytes[0] === DECIMALS) return 'decimal';
  return bytes[0] === HEX_DIGITS || bytes[0] === UUIDS ? 'hexadecimal' : 'any';
}
