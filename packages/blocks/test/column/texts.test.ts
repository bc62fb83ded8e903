import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../src/bytes/byte-reader';
import { byteTextsOf } from '../../src/bytes/byte-texts';
import { ByteWriter } from '../../src/bytes/byte-writer';
import { DamagedBlockError } from '../../src/bytes/damaged';
import { createTextColumn } from '../../src/column/text-column';
import { readTexts, writeTexts } from '../../src/column/texts';
import { texts } from '../support/arbitraries';

function encode(values: readonly string[]): Buffer {
  const writer = new ByteWriter();
  const records = values.map((text) => ({ text }));
  writeTexts(writer, byteTextsOf(records.map(({ text }) => text)));
  return writer.finish();
}

function decode(bytes: Buffer): string[] {
  const column = createTextColumn(readTexts(new ByteReader(bytes)));
  return Array.from({ length: column.length }, (_, index) => column.get(index));
}

const repeat = (count: number, create: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => create(index));

const hex = (seed: number, digits: number): string => {
  const value = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return value.toString(16).padStart(8, '0').repeat(8).slice(0, digits);
};

const uuid = (seed: number, version: string): string =>
  `${hex(seed, 8)}-${hex(seed + 1, 4)}-${version}${hex(seed + 2, 3)}-a${hex(seed + 3, 3)}-${hex(seed + 4, 12)}`;

const uuid7 = (index: number): string =>
  `0199${(index * 3).toString(16).padStart(4, '0')}-0000-${uuid(index, '7').slice(14)}`;

describe('writeTexts', () => {
  it.each([
    ['few different texts', repeat(600, (index) => ['shop', '', 'größer'][index % 3] as string), 0.3],
    ['UUIDs of version 4', repeat(600, (index) => uuid(index, '4')), 15.1],
    ['UUIDs of version 7', repeat(600, uuid7), 9.2],
    ['UUIDs of several versions', repeat(600, (index) => uuid(index, index % 5 === 0 ? '7' : '1')), 15.6],
    ['hexadecimal numbers', repeat(600, (index) => hex(index, 16)), 8.1],
    ['consecutive integers', repeat(600, (index) => String(99_900 + index)), 0.05],
    ['integers in no order', repeat(600, (index) => String((index * 7_919) % 10_007)), 1.9],
    ['texts with the same words', repeat(600, (index) => `the same long words each time ${index}`), 6],
    ['texts of the same characters', repeat(600, (index) => [hex(index, 8), hex(~index, 8)].join('g')), 11],
    ['texts outside of ASCII', repeat(600, (index) => `試験 ${index} 🙂`), 6],
  ])('stores %s in few bytes', (_, values, bytesOfText) => {
    const bytes = encode(values);
    expect(bytes.byteLength / values.length).toBeLessThan(bytesOfText);
    expect(decode(bytes)).toEqual(values);
  });

  it.each([
    ['no text', []],
    ['a UUID in upper case', [uuid(1, '4'), uuid(2, '4').toUpperCase()]],
    ['a UUID with a misplaced hyphen', [uuid(1, '4'), uuid(2, '4').replace(/(.)-/, '-$1')]],
    ['a UUID with a character that is not a digit', [uuid(1, '4'), `${uuid(2, '4').slice(0, 35)}g`]],
    ['hexadecimal numbers of two lengths', ['abcdef', 'abcd']],
    ['a hexadecimal number of odd length', ['abcde', 'abcdf']],
    ['a hexadecimal number in upper case', ['abcd', 'ABCD']],
    ['integers from 0 to the largest', ['0', '999999999999999', '7']],
    ['an integer with a leading zero', ['7', '07']],
    ['an integer of 16 digits', ['1', '1000000000000000']],
    ['an integer with a sign', ['1', '-1']],
    ['an integer beside an empty text', ['1', '']],
    ['texts of NUL', ['', '\0', '\0\0']],
  ])('keeps %s', (_, values) => {
    expect(decode(encode(values))).toEqual(values);
  });

  it('keeps any texts in columns of several chunks', () => {
    const columns = fc.array(texts, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 40 }), (some, copies) => {
        const values = repeat(some.length * copies, (index) => `${some[index % some.length]}${index % 7}`);
        expect(decode(encode(values))).toEqual(values);
      }),
      { numRuns: 30 },
    );
  });
});

describe('readTexts', () => {
  it('returns a text alone and together with others', () => {
    const values = repeat(600, (index) => `text ${index * 7}`);
    const column = createTextColumn(readTexts(new ByteReader(encode(values))));
    const read = (index: number): string => column.get((index * 97) % values.length);
    expect(repeat(600, read)).toEqual(repeat(600, (index) => values[(index * 97) % values.length] as string));
  });

  it('rejects truncated bytes', () => {
    for (const values of [
      repeat(40, String),
      repeat(40, uuid7),
      repeat(40, (index) => hex(index, 8)),
      repeat(40, () => 'a'),
      repeat(40, (index) => `text ${index}`),
    ]) {
      const bytes = encode(values);
      for (let length = 0; length < bytes.length; length++)
        expect(() => decode(bytes.subarray(0, length))).toThrow(DamagedBlockError);
    }
  });

  it('rejects hexadecimal texts without digits', () => {
    const digits = encode(repeat(40, (index) => hex(index, 8)));
    const at = digits.indexOf(4);
    const damaged = Buffer.from([...digits.subarray(0, at), 0]);
    expect(() => decode(damaged)).toThrow('a value has no digits');
  });
});
