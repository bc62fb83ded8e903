import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/event/parse-json';
import { cpuMsOf } from '../support';

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // The text need not be valid JSON.
  }
}

describe('parseJson', () => {
  it('parses like JSON.parse', () => {
    fc.assert(
      fc.property(
        fc.json().filter((json) => !/\d{16}/.test(json)),
        (text) => void expect(parseJson(text)).toEqual(JSON.parse(text)),
      ),
    );
  });

  it('keeps the digits of an integer that a double cannot represent', () => {
    const text =
      '{"n":9007199254740993,"m":[-12345678901234567890],"s":"9007199254740993","k9007199254740993":1}';
    expect(parseJson(text)).toEqual({
      n: '9007199254740993',
      m: ['-12345678901234567890'],
      s: '9007199254740993',
      k9007199254740993: 1,
    });
  });

  it.each(['', ' ', '\n', '\r', '\t', '[', '[\n', '[1,', '[1 ,\t', '{"a":', '{"a": '])(
    'keeps the digits of an inexact number after %j',
    (before) => {
      const end = { '[': ']', '{': '}' }[before.charAt(0)] ?? '';
      for (const number of ['9007199254740993', '-9007199254740993', '1.5e400', '-1E-4000'])
        expect(JSON.stringify(parseJson(before + number + end))).toContain(`"${number}"`);
    },
  );

  it('does not change numbers that a double holds, or escaped quotes', () => {
    const text =
      '[1234567890123456.5, 0.12345678901234566, 0.10000000000000001, 0.30000000000000004, 100.00000000000000000, 1e21, 0e999, -0.0, 5e-324, 1.7976931348623157e308, "\\"9007199254740993.5"]';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('keeps the digits of a number that would become another one', () => {
    const numbers = [
      '1234567890123456.789',
      '9007199254740993.0',
      '0.1000000000000001234',
      '1e999',
      '-1e-400',
    ];
    expect(parseJson(`{"s":"9007199254740993.0","n":[${numbers.join()}]}`)).toEqual({
      s: '9007199254740993.0',
      n: numbers,
    });
  });

  it('parses each double that JSON.stringify writes to the same double', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        fc.pre(!Number.isInteger(value) || Number.isSafeInteger(value));
        expect(parseJson(JSON.stringify([value, '1234567890123456']))).toEqual([
          value + 0,
          '1234567890123456',
        ]);
      }),
    );
  });

  it('runs in linear time', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(1_000_000), b: `${'9'.repeat(20)}x`.repeat(50_000) });
    expect(parseJson(text)).toEqual(JSON.parse(text));
    for (const each of [
      `{"message":"1234567890123456789","x":${'\\"'.repeat(200_000)}`,
      `{"n":${'1'.repeat(400_000)}.5}`,
      `{"n":1.${'0'.repeat(400_000)}1}`,
      `[${'1'.repeat(400_000)},"1234567890123456789`,
    ])
      expect(cpuMsOf(() => void attempt(() => parseJson(each)))).toBeLessThan(1_000);
  });

  it('rejects text that is not JSON', () => {
    expect(() => parseJson('{a:1}')).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });
});
