import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from './integers';
import { readPlainTexts, writePlainTexts } from './plain-texts';
import type { TextColumn } from './text-column';

// Layout of a column of few different texts: the different texts in the order of their first use, then the index of each
// value in them (a column of integers, which needs no bits if there is only one text).

/** A dictionary pays if each text is used this often on average. */
const MIN_USES = 3;

/** The different texts of a column in the order of their first use, and the index of each value in them. */
export interface Dictionary {
  readonly texts: readonly string[];
  readonly indexes: readonly number[];
}

/** Returns the dictionary of some texts, or `undefined` if more than `maxDistinct` differ or the texts are used too rarely. */
export function dictionaryOf(values: readonly string[], maxDistinct: number): Dictionary | undefined {
  const maxTexts = Math.max(1, Math.min(maxDistinct, Math.floor(values.length / MIN_USES)));
  const known = new Map<string, number>();
  const indexes: number[] = [];
  for (const value of values) {
    let index = known.get(value);
    if (index === undefined) {
      if (known.size === maxTexts) return undefined;
      index = known.size;
      known.set(value, index);
    }
    indexes.push(index);
  }
  return { texts: [...known.keys()], indexes };
}

/** Writes the column of a dictionary. */
export function writeDictionary(writer: ByteWriter, { texts, indexes }: Dictionary): void {
  writePlainTexts(writer, texts);
  writeIntegers(writer, indexes);
}

/** Reads a column that `writeDictionary` wrote. @throws {DamagedBlockError} */
export function readDictionary(reader: ByteReader): TextColumn {
  const texts = readPlainTexts(reader);
  const indexes = readIntegers(reader);
  for (const index of indexes)
    if (!(index >= 0 && index < texts.length)) throw new DamagedBlockError('an index has no text');
  return {
    length: indexes.length,
    dictionary: { texts, indexes },
    get: (row) => texts.get(indexes[row] as number),
  };
}
