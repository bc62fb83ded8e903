import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../src/filter/ast';
import { formatFilter } from '../../src/filter/format';
import { MAX_FILTER_BYTES, checkLimits, measureFilter } from '../../src/filter/limits';
import { parseFilter } from '../../src/filter/parse';
import { filters } from './arbitraries';

describe('measureFilter', () => {
  it('never underestimates the bytes of the canonical form', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const bytes = Buffer.byteLength(formatFilter(filter));
        expect(measureFilter(filter).maxBytes).toBeGreaterThanOrEqual(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it.each<[string, Filter]>([
    ['the longest time', parseFilter('-(x OR timestamp<=2248-09-26T15:10:22.207999Z)')],
    ['the longest number', parseFilter('data.x>=-1.7976931348623157e308')],
    ['escaped text', { kind: 'text', field: 'message', operator: 'prefix', value: '\\"'.repeat(100) }],
    ['a path of empty segments', { kind: 'data', path: Array(32).fill(''), test: { operator: 'present' } }],
  ])('never underestimates %s', (_, filter) => {
    const bytes = Buffer.byteLength(formatFilter(filter));
    expect(measureFilter(filter).maxBytes).toBeGreaterThanOrEqual(bytes);
  });
});

describe('checkLimits', () => {
  it('counts the bytes of the canonical form exactly', () => {
    expect(() => checkLimits({ kind: 'contains', text: 'x'.repeat(MAX_FILTER_BYTES) })).not.toThrow();
    expect(() => checkLimits({ kind: 'contains', text: 'x'.repeat(MAX_FILTER_BYTES + 1) })).toThrow(
      'has 8193',
    );
  });

  it('rejects text whose canonical form is longer than the limit', () => {
    const text = `${'timestamp>2026 '.repeat(100)}${'x'.repeat(6_000)}`;
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_FILTER_BYTES);
    expect(() => parseFilter(text)).toThrow('at most 8192 bytes');
  });
});

describe('measureFilter of long texts', () => {
  const LONG = '支"'.repeat(1_000);

  it.each<[string, Filter]>([
    ['a word', { kind: 'contains', text: LONG }],
    ['a value', { kind: 'text', field: 'source', operator: 'equals', value: LONG }],
    ['a value of data', { kind: 'data', path: ['x'], test: { operator: 'equals', text: LONG } }],
    ['a prefix of data', { kind: 'data', path: ['x'], test: { operator: 'prefix', text: LONG } }],
    ['a key of data', { kind: 'data', path: [LONG, LONG], test: { operator: 'present' } }],
  ])('never underestimates %s', (_, filter) => {
    expect(measureFilter(filter).maxBytes).toBeGreaterThanOrEqual(Buffer.byteLength(formatFilter(filter)));
  });
});

describe('limits of a parsed tree', () => {
  it('counts nodes and levels', () => {
    expect(measureFilter(parseFilter('a'))).toMatchObject({ nodes: 1, depth: 1 });
    expect(measureFilter(parseFilter('a OR b -c'))).toMatchObject({ nodes: 6, depth: 4 });
  });

  it('applies where few parentheses make a deep tree', () => {
    const nested = (count: number): string => (count === 1 ? 'x' : `(a OR b ${nested(count - 1)})`);
    expect(measureFilter(parseFilter(nested(16))).depth).toBe(31);
    expect(() => parseFilter(nested(17))).toThrow('at most 32 levels deep; this one has 33 levels');
  });
});
