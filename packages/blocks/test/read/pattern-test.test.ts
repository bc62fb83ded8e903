import { describe, expect, it } from 'vitest';
import type { CharacterClass } from '../../src/column/text-column';
import { PatternTest } from '../../src/read/pattern-test';

/** Tests a pattern with `·` in place of its variables. */
const test = (pattern: string, text: string, characters: CharacterClass = 'decimal'): boolean | undefined =>
  new PatternTest(text).contains(pattern.replaceAll('·', '\u0001'), () => characters);

describe('PatternTest', () => {
  it('returns true when a literal contains the text', () => {
    expect(test('order · closed in ·', 'closed')).toBe(true);
  });

  it('returns false when neither the literals nor the variables may contain it', () => {
    expect(test('order · closed in ·', 'opened')).toBe(false);
    expect(test('id ·.', 'connection', 'hexadecimal')).toBe(false);
  });

  it('returns false for a text with the mark of variables', () => {
    expect(test('order · closed', '\u0001', 'any')).toBe(false);
    expect(test('order · closed', 'r \u0001 c', 'any')).toBe(false);
  });

  it.each([
    ['the variable may contain it', 'order · closed', '47', 'decimal'],
    ['the variable may contain it', 'id ·', 'deadbeef-1', 'hexadecimal'],
    ['the variable may contain any text', 'id ·', 'zanzibar', 'any'],
    ['it may end in the variable', 'order · closed', 'order 4', 'decimal'],
    ['it may start in the variable', 'order · closed', '7 cl', 'decimal'],
    ['it may contain the variable', 'order · closed', 'er 47 c', 'decimal'],
    ['it may contain several variables', 'a·b·c', 'a1b2c', 'decimal'],
    ['it may end in the variable after a character of two units', '😀·', '😀4', 'decimal'],
    ['it may start in the variable before a character of two units', '·😀', '4😀', 'decimal'],
    ['two variables are neighbours', '··', 'x9y', 'decimal'],
  ] as const)('returns undefined when %s', (_, pattern, text, characters) => {
    expect(test(pattern, text, characters)).toBeUndefined();
  });
});
