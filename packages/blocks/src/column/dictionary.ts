import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { DistinctTexts } from './distinct-texts';
import { readIntegers, writeIntegers } from './integers';
import { readPlainTexts, writePlainTexts } from './plain-texts';
import type { Texts } from './text-values';

// Layout of a column of few different texts: the different texts in the order of their first use (plain texts), then the
// index of each value in them (a column of integers, which needs no bits if there is only one text).

/** Maximum number of different texts in a dictionary. */
export const MAX_DICTIONARY_TEXTS = 1024;

/** Writes the column of a dictionary. */
export function writeDictionary(writer: ByteWriter, { texts, indexes }: DistinctTexts): void {
  writePlainTexts(writer, texts);
  writeIntegers(writer, indexes);
}

/** Reads a column that `writeDictionary` wrote. @throws {DamagedBlockError} */
export function readDictionary(reader: ByteReader): Texts {
  const texts = readPlainTexts(reader);
  const indexes = readIntegers(reader);
  if (texts.length > MAX_DICTIONARY_TEXTS) throw new DamagedBlockError('its dictionary is too large');
  return {
    length: indexes.length,
    dictionary: { texts, indexes },
    write: (writer, row) => texts.write(writer, indexes.get(row)),
  };
}
