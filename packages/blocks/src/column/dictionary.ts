import type { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import { areEqual } from '../bytes/byte-texts';
import type { ByteWriter } from '../bytes/byte-writer';
import { HASH_START, hashBytes } from '../bytes/hash';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from './integers';
import { readPlainTexts, writePlainTexts } from './plain-texts';
import type { Texts } from './text-values';

// Layout of a column of few different texts: the different texts in the order of their first use (plain texts), then the
// index of each value in them (a column of integers, which needs no bits if there is only one text).

/** A dictionary pays if each text is used this often on average. */
const MIN_USES = 3;

/** The different texts of a column in the order of their first use, and the index of each value in them. */
export interface Dictionary {
  readonly texts: ByteTexts;
  readonly indexes: Float64Array;
}

/** Returns the dictionary of some texts, or `undefined` if more than `maxDistinct` differ or the texts are used too rarely. */
export function dictionaryOf(values: ByteTexts, maxDistinct: number): Dictionary | undefined {
  const { bytes, starts, ends } = values;
  const maxTexts = Math.max(1, Math.min(maxDistinct, Math.floor(starts.length / MIN_USES)));
  const texts = { bytes, starts: new Int32Array(maxTexts), ends: new Int32Array(maxTexts) };
  const indexes = new Float64Array(starts.length);
  const mask = 2 ** Math.ceil(Math.log2(maxTexts * 2)) - 1;
  /** For each place of the hash table the index of a text plus one, or 0. */
  const table = new Int32Array(mask + 1);
  let count = 0;
  let index = -1;
  for (let row = 0; row < starts.length; row++) {
    // Neighbours are often equal.
    if (index === -1 || !areSame(values, row, texts, index)) {
      const start = starts[row] as number;
      const end = ends[row] as number;
      let place = hashBytes(bytes, start, end, HASH_START) & mask;
      while ((index = (table[place] as number) - 1) !== -1 && !areSame(values, row, texts, index))
        place = (place + 1) & mask;
      if (index === -1) {
        if (count === maxTexts) return undefined;
        index = count;
        texts.starts[index] = start;
        texts.ends[index] = end;
        table[place] = ++count;
      }
    }
    indexes[row] = index;
  }
  const used = { bytes, starts: texts.starts.subarray(0, count), ends: texts.ends.subarray(0, count) };
  return { texts: used, indexes };
}

function areSame(values: ByteTexts, row: number, texts: ByteTexts, index: number): boolean {
  return areEqual(
    values.bytes,
    values.starts[row] as number,
    values.ends[row] as number,
    texts.starts[index] as number,
    texts.ends[index] as number,
  );
}

/** Writes the column of a dictionary. */
export function writeDictionary(writer: ByteWriter, { texts, indexes }: Dictionary): void {
  writePlainTexts(writer, texts);
  writeIntegers(writer, indexes);
}

/** Reads a column that `writeDictionary` wrote. @throws {DamagedBlockError} */
export function readDictionary(reader: ByteReader): Texts {
  const texts = readPlainTexts(reader);
  const indexes = readIntegers(reader);
  for (let row = 0; row < indexes.length; row++) {
    const index = indexes[row] as number;
    if (!(index >= 0 && index < texts.length)) throw new DamagedBlockError('an index has no text');
  }
  return {
    length: indexes.length,
    dictionary: { texts, indexes },
    write: (writer, row) => texts.write(writer, indexes[row] as number),
  };
}
