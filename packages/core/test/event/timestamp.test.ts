import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTimestamp, fromMicros, parseTimestamp, toMicros } from '../../src/event/timestamp';
import { MAX_TIME_MICROS } from '../../src/event/limits';

describe('parseTimestamp', () => {
  it.each<[unknown, number]>([
    [new Date(1_500), 1_500_000],
    [1_700_000_000, 1_700_000_000_000_000],
    [1_700_000_000.25, 1_700_000_000_250_000],
    [1_700_000_000_000, 1_700_000_000_000_000],
    [1_700_000_000_000.125, 1_700_000_000_000_125],
    [1_700_000_000_000_001, 1_700_000_000_000_001],
    ['1700000000000000001', 1_700_000_000_000_000],
    [1_700_000_000_123_456_789n, 1_700_000_000_123_456],
    [-1n, -1_000_000],
    [5, 5_000_000],
    ['1617181723', 1_617_181_723_000_000],
    ['-1617181723', -1_617_181_723_000_000],
    ['100000000', 100_000_000_000_000],
    ['1617181723000', 1_617_181_723_000_000],
    ['210000000000', 210_000_000_000_000],
    ['2024', 1_704_067_200_000_000],
    ['2024-03', 1_709_251_200_000_000],
    ['20240310', 1_710_028_800_000_000],
    ['2016-12-31T23:59:60Z', 1_483_228_799_999_999],
    ['2016-12-31T23:59:60.25Z', 1_483_228_799_999_999],
    ['2017-01-01T05:29:60+05:30', 1_483_228_799_999_999],
    ['1970-01-01', 0],
    ['1970-01-01T00:00:01', 1_000_000],
    ['1970-01-01 00:00:01.5Z', 1_500_000],
    ['1970-01-01T02:00:00+02:00', 0],
    ['1970-01-01T00:00:00.123456789Z', 123_456],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['2024-02-29T00:00Z', 1_709_164_800_000_000],
  ])('parses %o', (given, micros) => {
    expect(parseTimestamp(given)).toBe(micros);
  });

  it.each([
    [NaN],
    [Infinity],
    ['9223372036854775808'],
    [9223372036854775808],
    [1e15 + 0.5],
    ['2023-02-29'],
    ['2023-13-01'],
    ['2023-01-01T24:00:00'],
    ['2023-01-01T00:00:60Z'],
    ['2016-12-30T23:59:60Z'],
    ['2016-12-31T22:59:60Z'],
    ['0'],
    ['-5'],
    ['123'],
    ['202403'],
    ['20240231'],
    ['2024031'],
    ['202403101230'],
    ['20240310123000'],
    ['9999'],
    [10n ** 1_000_000n],
    ['yesterday'],
    [''],
    [{}],
    [new Date(NaN)],
    [true],
  ])('rejects %o and names the field', (given) => {
    expect(() => parseTimestamp(given)).toThrow(/timestamp: /);
  });

  it('states how to write digits that could be a date or an epoch', () => {
    expect(() => parseTimestamp('202403')).toThrow(
      'timestamp: may be a date or an epoch; write 2026-01-31, or the epoch as a number',
    );
  });

  it('treats a time without a zone as UTC in every time zone', () => {
    const program = `import { parseTimestamp } from ${JSON.stringify(new URL('../../src/event/timestamp.ts', import.meta.url).pathname)};
      console.log(parseTimestamp('2024-03-10T02:30:00') === parseTimestamp('2024-03-10T02:30:00Z'));`;
    const script = execFileSync('npx', ['esbuild', '--bundle', '--format=cjs', '--platform=node'], {
      input: program,
      encoding: 'utf8',
    });
    const env = { ...process.env, TZ: 'America/New_York' };
    expect(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })).toBe('true\n');
  });

  it('parses exactly what formatTimestamp returns', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MAX_TIME_MICROS, max: MAX_TIME_MICROS }), (micros) => {
        expect(toMicros(fromMicros(micros))).toBe(micros);
        expect(parseTimestamp(formatTimestamp(fromMicros(micros)))).toBe(micros);
      }),
    );
  });
});
