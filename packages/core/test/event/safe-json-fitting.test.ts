import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { toFittingObject, toJsonObject } from '../../src/event/safe-json';
import { data } from './arbitraries';

describe('toFittingObject', () => {
  const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(toFittingObject(value)));

  it('converts a value within the limits like toJsonObject', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(JSON.stringify(toFittingObject(value))).toBe(JSON.stringify(toJsonObject(value).value));
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ['an array', [1, 2], { value: [1, 2] }],
    ['a text', 'text', { value: 'text' }],
    ['a number', 42, { value: 42 }],
    ['a date', new Date(0), { value: '1970-01-01T00:00:00.000Z' }],
    ['null', null, { value: null }],
    ['a function', () => 1, {}],
  ])('puts %s under the key value', (_, value, expected) => {
    expect(toFittingObject(value)).toEqual(expected);
  });

  it('shortens long text and states its length', () => {
    const { note, other } = toFittingObject({ note: 'x'.repeat(300_000), other: 1 }) as Record<
      string,
      string
    >;
    expect(note).toMatch(/^x{8192}… \[300000 characters\]$/);
    expect(other).toBe(1);
  });

  it('marks values that are nested too deep', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 40; depth += 1) deep = { deep };
    expect(JSON.stringify(toFittingObject(deep))).toContain('"[Too deep]"');
  });

  it.each<[string, unknown]>([
    ['texts', Array.from({ length: 1_000 }, () => '\0'.repeat(9_000))],
    ['keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key ${n}`, n]))],
    [
      'long keys',
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}${'支'.repeat(20_000)}`, n])),
    ],
    ['entries', new Map(Array.from({ length: 100_000 }, (_, n) => [n, n]))],
    ['elements', new Set(Array.from({ length: 100_000 }, (_, n) => n))],
    ['numbers', new Float64Array(1_000_000).fill(-1.2345678901234567e-100)],
    ['bytes', Array.from({ length: 1_000 }, () => Buffer.alloc(200_000))],
    ['bigints', Array.from({ length: 1_000 }, () => 10n ** 2_000n)],
    ['holes', new Array(1e9)],
  ])('leaves out %s beyond the limit and marks the cut', (_, value) => {
    expect(bytesOf({ value })).toBeLessThanOrEqual(256 * 1024);
    expect(JSON.stringify(toFittingObject({ value }))).toMatch(/\[Too large\]|\[200000 bytes\]/);
  });

  it('stays within the limit for any input', () => {
    const piece = fc.constantFrom<unknown>(
      ...['\0'.repeat(9_000), '支'.repeat(8_192), 'x'.repeat(100_000), 'short', -1e-300, 10n ** 5_000n],
      ...[Buffer.alloc(6_000), Array.from({ length: 500 }, (_, n) => `${n}`), new Set(['支'.repeat(1_000)])],
    );
    const pieces = fc.array(piece, { size: 'max', maxLength: 60 });
    fc.assert(
      fc.property(pieces, pieces, (list, values) => {
        const deep = { list, more: { map: new Map(values.map((value, n) => [`key ${n}`, value])), list } };
        expect(bytesOf(deep)).toBeLessThanOrEqual(256 * 1024);
      }),
      { numRuns: 50 },
    );
  });
});
