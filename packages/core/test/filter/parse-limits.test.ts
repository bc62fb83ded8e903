import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../support';
import { isVigilantError } from '../../src/util/errors';
import { parseFilter } from '../../src/filter/parse';
import { contains, errorOf } from './parse-support';

describe('parseFilter', () => {
  it('accepts at most 8 KiB of UTF-8', () => {
    expect(parseFilter('x'.repeat(8192))).toEqual(contains('x'.repeat(8192)));
    expect(errorOf('x'.repeat(8193)).message).toContain('8192 bytes');
    expect(errorOf('支'.repeat(2731)).message).toContain('8192 bytes');
  });

  it('accepts at most 256 nodes', () => {
    const words = (count: number) => Array.from({ length: count }, (_, n) => `w${n}`).join(' ');
    expect(parseFilter(words(255)).kind).toBe('and');
    expect(errorOf(words(256)).message).toContain('256');
  });

  it('accepts at most 32 levels, in parentheses and in trees', () => {
    const nested = (depth: number): string =>
      depth === 1 ? 'x' : `(y${depth} ${depth % 2 ? '' : 'OR '}${nested(depth - 1)})`;
    expect(parseFilter(nested(32)).kind).toBe('or');
    expect(errorOf(nested(33)).message).toContain('32 levels deep');
    expect(errorOf('('.repeat(8000)).message).toContain('32 levels deep');
    expect(errorOf('NOT '.repeat(2000)).message).toContain('32 levels deep');
    expect(errorOf('-('.repeat(4000)).message).toContain('32 levels deep');
  });

  it('accepts paths of at most 32 segments', () => {
    expect(parseFilter(`data${'.a'.repeat(32)}:1`).kind).toBe('data');
    expect(errorOf(`data${'.a'.repeat(33)}:1`).message).toContain('at most 32');
  });

  it.each([
    '"',
    '\\',
    '(',
    ')',
    '-',
    'a:',
    'data.',
    '"a"',
    '\\"',
    'source:a,',
    ' OR ',
    'x ',
    '*',
    'data."',
    '>=',
  ])('parses 8 KiB of %j quickly', (piece) => {
    const cpuMs = cpuMsOf(() => {
      try {
        parseFilter(piece.repeat(Math.floor(8192 / piece.length)));
      } catch (error) {
        expect(isVigilantError(error)).toBe(true);
      }
    });
    expect(cpuMs).toBeLessThan(1_000);
  });
});

describe('parseFilter of nested exclusions', () => {
  it.each(['-(', 'NOT (', 'NOT NOT '])('counts both levels of each %j', (opening) => {
    const closing = opening.endsWith('(') ? ')' : '';
    const nested = (count: number): string => `${opening.repeat(count)}x${closing.repeat(count)}`;
    expect(() => parseFilter(nested(15))).not.toThrow();
    expect(errorOf(nested(16)).message).toContain('at most 32 levels deep');
  });
});
