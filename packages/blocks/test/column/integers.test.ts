import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../src/bytes/byte-reader';
import { ByteWriter } from '../../src/bytes/byte-writer';
import { DamagedBlockError } from '../../src/bytes/damaged';
import { readIntegers, writeIntegers } from '../../src/column/integers';

const LIMIT = 2 ** 53 - 1;

function encode(values: readonly number[]): Buffer {
  const writer = new ByteWriter();
  writeIntegers(writer, Float64Array.from(values));
  return writer.finish();
}

/** Decodes a column at once and value by value. */
function decode(bytes: Buffer): number[] {
  const integers = readIntegers(new ByteReader(bytes));
  const values = [...integers.slice(0, integers.length)];
  for (const value of [...values.slice(0, 3), ...values.slice(-1), 4, 0.5])
    expect(integers.find(value)).toEqual(indexesOf(values, value));
  expect(values.map((_, index) => integers.get(index))).toEqual(values);
  expect([...integers.slice(1, values.length - 1)]).toEqual(values.slice(1, -1));
  return values;
}

const indexesOf = (values: readonly number[], value: number): number[] =>
  values.flatMap((each, index) => (each === value ? [index] : []));

const steps = (count: number, step: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => step(index));

describe('writeIntegers', () => {
  it.each([
    ['no value', []],
    ['the largest and the smallest value', [LIMIT, -LIMIT, 0]],
    ['values just within the span of a frame', [-(2 ** 51), 2 ** 51]],
    ['a value far below the others', [...steps(100, (index) => 1e15 + index), 5]],
    ['a value far above the others', [...steps(100, (index) => index), LIMIT - 1]],
    [
      'times in microseconds of several hours',
      steps(300, (index) => 1.7e15 + ((index * 7_919) % 300) * 1e8 + index),
    ],
    ['residuals of 31 bits', [0, 2 ** 31 - 1, 2 ** 30, 5, 2 ** 31 - 2]],
    ['residuals of 32 bits', [0, 2 ** 31, 2 ** 32 - 1, 5, 6]],
    [
      'many values and a few far below and above',
      steps(400, (index) => (index % 90 === 7 ? (index - 200) * 1e9 : index % 7)),
    ],
  ])('keeps %s', (_, values) => {
    expect(decode(encode(values))).toEqual(values);
  });

  it('keeps any integers', () => {
    const ranges = fc.constantFrom(0, 1, 255, 2 ** 24, 2 ** 31, 2 ** 32 + 1, 2 ** 40, 2 ** 49, LIMIT);
    const columns = fc
      .record({
        range: ranges,
        base: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
        unit: fc.constantFrom(1, 1_000),
      })
      .chain(({ range, base, unit }) =>
        fc.array(fc.integer({ min: 0, max: range }), { maxLength: 300 }).map((values) =>
          values.map((value) => {
            const scaled = base + value * unit;
            return Number.isSafeInteger(scaled) ? scaled : value;
          }),
        ),
      );
    fc.assert(fc.property(columns, (values) => void expect(decode(encode(values))).toEqual(values)));
  });

  it.each([
    ['few different values', [200, 404, 503, 301, -7]],
    ['few different values that are far apart', [0, 2 ** 45 + 3, 2 ** 50, 7]],
    [
      'few different high halves',
      [0, 2 ** 40, 2 ** 50].flatMap((high) => steps(9, (low) => high + low ** 8)),
    ],
  ])('keeps %s', (_, distinct) => {
    const values = steps(2_000, (index) => distinct[(index * 7_919) % distinct.length] as number);
    expect(decode(encode(values))).toEqual(values);
  });

  it('reads single values in any order, and counts codes', () => {
    const times = steps(1_000, (index) => 1.7e15 + index * 1_000 - (index % 100 === 7 ? 3.6e9 : 0));
    const integers = readIntegers(new ByteReader(encode(times)));
    for (const row of [999, 0, 512, 255, 256, 7, 998]) expect(integers.get(row)).toBe(times[row]);
    expect([...integers.slice(500, 530)]).toEqual(times.slice(500, 530));
    const codes = readIntegers(new ByteReader(encode(steps(2_000, (index) => 3 + ((index * 7_919) % 5)))));
    const counts = new Int32Array(8);
    codes.count(100, 1_600, counts);
    expect([...counts]).toEqual([0, 0, 0, 300, 300, 300, 300, 300]);
  });

  it('marks the rows whose values pass', () => {
    const columns = fc
      .record({ base: fc.integer({ min: 0, max: 9 }), span: fc.constantFrom(0, 1, 2, 3, 14, 40, 255, 1_000) })
      .chain(({ base, span }) => {
        const value = fc.integer({ min: base, max: base + span });
        const passing = fc.uint8Array({ minLength: base + span + 1, maxLength: base + span + 1, max: 1 });
        return fc.tuple(fc.array(value, { maxLength: 300 }), passing);
      });
    fc.assert(
      fc.property(columns, ([values, passing]) => {
        const rows = new Uint8Array(values.length);
        const marked = readIntegers(new ByteReader(encode(values))).mark(passing, rows);
        expect([...rows]).toEqual(values.map((value) => passing[value]));
        expect(marked).toBe(rows.reduce((sum, row) => sum + row, 0));
      }),
    );
  });

  it.each([1, 3, 15, 200])('rejects values up to %i without a verdict', (max) => {
    const integers = readIntegers(new ByteReader(encode(steps(999, (index) => (index * 7_919) % (max + 1)))));
    const rows = new Uint8Array(999);
    expect(() => integers.mark(new Uint8Array(max), rows)).toThrow(DamagedBlockError);
  });

  it('stores few different values as indexes', () => {
    const values = steps(4_096, (index) => [200, 404, 503, 301][((index ** 2) >> 5) % 4] as number);
    expect(encode(values).byteLength).toBeLessThan((4_096 * 2) / 8 + 40);
  });

  it.each([
    ['one value', steps(4_096, () => 1e15)],
    ['consecutive values', steps(4_096, (index) => 1e15 + index)],
    ['equal steps', steps(4_096, (index) => index * 86_400_000)],
  ])('stores %s in a few bytes', (_, values) => {
    expect(encode(values).byteLength).toBeLessThan(40);
  });

  it('stores times in milliseconds without the digits of microseconds', () => {
    const times = steps(4_096, (index) => (1_700_000_000_000 + ((index * 7_919) % 4_096)) * 1_000);
    expect(encode(times).byteLength).toBeLessThan((4_096 * 13) / 8);
  });

  it('stores late times in both directions without widening their differences', () => {
    const late = (index: number): number => (index % 40 === 7 ? 1 : 0) * (index % 3 === 0 ? 9e9 : -9e9);
    const times = steps(5_120, (index) => 1.7e15 + index * 1_687_000 + late(index));
    expect(encode(times).byteLength).toBeLessThan(5_120 * 0.3);
  });

  it('stores a few late times without widening the others', () => {
    const times = steps(4_096, (index) => 1.7e15 + index * 1_000 - (index % 100 === 7 ? 3.6e9 : 0));
    expect(encode(times).byteLength).toBeLessThan(1_500);
  });
});
