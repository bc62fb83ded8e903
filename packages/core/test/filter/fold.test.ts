import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../support';
import { FOLD_TABLE } from '../../src/filter/fold-table';
import { fold } from '../../src/filter/fold';
import { foldCodePoint } from '../../../../scripts/generate-fold-table.mjs';

const characters = (): string[] =>
  Array.from({ length: 0x110000 }, (_, codePoint) => codePoint)
    .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
    .map((codePoint) => String.fromCodePoint(codePoint));

describe('fold', () => {
  it.each([
    ['Card DECLINED', 'card declined'],
    ['Straße STRASSE STRAẞE', 'strasse strasse strasse'],
    ['İstanbul ISTANBUL ıstanbul', 'istanbul istanbul istanbul'],
    ['\u212aelvin ſharp', 'kelvin sharp'],
    ['ΟΔΟΣ οδος οδοσ', 'οδοσ οδοσ οδοσ'],
    ['ᎠᎡ ꭰꭱ', 'ꭰꭱ ꭰꭱ'],
    ['Карта ОТКЛОНЕНА', 'карта отклонена'],
    ['𐐀𐐨', '𐐨𐐨'],
    ['ﬁnal ǅ', 'final ǆ'],
    ['支付失败 😀 %_\\\0', '支付失败 😀 %_\\\0'],
    ['', ''],
  ])('folds %j to %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('makes the upper and lower case of every character equal, except the root lower case of İ', () => {
    const differing = characters().filter((character) => {
      const [upper, lower] = [character.toUpperCase(), character.toLowerCase()];
      // A newer runtime may support characters that the table does not.
      const isKnown = fold(upper) !== upper || fold(lower) !== lower;
      return isKnown && fold(upper) !== fold(lower);
    });
    expect(differing).toEqual(['İ']);
  });

  it('does not change folded text', () => {
    expect(characters().filter((c) => fold(fold(c)) !== fold(c))).toEqual([]);
  });

  it('agrees with the runtime on every character that both know', () => {
    for (const character of characters()) {
      const expected = foldCodePoint(character.codePointAt(0) ?? 0);
      const folded = fold(character);
      if (expected !== character && folded !== character) expect(folded).toBe(expected);
    }
  });

  it('uses the same table in every release', () => {
    const hash = createHash('sha256').update(FOLD_TABLE).digest('hex').slice(0, 16);
    expect(hash).toBe('d82fcba64a5a46b9');
  });

  it('folds a substring to a substring of the whole', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 });
    fc.assert(fc.property(text, text, (a, b) => fold(a + b) === fold(a) + fold(b)));
  });

  it('runs in linear time', () => {
    expect(cpuMsOf(() => fold('ẞ'.repeat(64 * 1024)))).toBeLessThan(1_000);
  });
});
