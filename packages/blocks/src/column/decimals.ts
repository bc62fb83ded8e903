import type { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import { decimalAt } from '../bytes/decimal';
import type { Integers } from './integer-values';
import { readIntegers } from './integers';
import type { Texts } from './text-values';

// Layout of a column of decimal integers: a column of integers

/** Returns the values of texts, or `undefined` unless all are integers as `decimalAt` reads them. */
export function decimalsOf({ bytes, starts, ends }: ByteTexts): Float64Array | undefined {
  if (starts.length === 0) return undefined;
  const values = new Float64Array(starts.length);
  for (let row = 0; row < values.length; row++) {
    const value = decimalAt(bytes, starts[row] as number, ends[row] as number);
    if (Number.isNaN(value)) return undefined;
    values[row] = value;
  }
  return values;
}

/** Reads a column that `writeIntegers` wrote. @throws {DamagedBlockError} */
export function readDecimals(reader: ByteReader): Texts {
  const integers = readIntegers(reader);
  return {
    length: integers.length,
    candidates: (texts) => findValues(integers, new Set(Array.from(texts, Number))),
    write: (writer, index) => writer.decimal(integers.get(index)),
  };
}

function findValues(integers: Integers, wanted: ReadonlySet<number>): readonly number[] {
  const found: number[] = [];
  integers.slice(0, integers.length).forEach((value, index) => {
    if (wanted.has(value)) found.push(index);
  });
  return found;
}
