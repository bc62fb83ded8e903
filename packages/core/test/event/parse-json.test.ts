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

  it('does not change fractions, exponents and escaped quotes', () => {
    const text = '[1234567890123456.5, 0.12345678901234567, 1e1234567890123456, "\\"9007199254740993"]';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('parses a number with a fraction or an exponent to the nearest double', () => {
    expect(parseJson('[1234567890123456.789, 9007199254740993.0, 0.10000000000000001]')).toEqual([
      1234567890123456.8, 9007199254740992, 0.1,
    ]);
  });

  it('takes linear time', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(1_000_000), b: `${'9'.repeat(20)}x`.repeat(50_000) });
    expect(parseJson(text)).toEqual(JSON.parse(text));
    for (const each of [
      `{"message":"1234567890123456789","x":${'\\"'.repeat(200_000)}`,
      `{"n":${'1'.repeat(400_000)}.5}`,
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
