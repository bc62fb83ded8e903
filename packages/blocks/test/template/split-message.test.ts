import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/template/split';
import { splitMessage } from '../../src/template/split-message';
import { splitText } from '../support/split-text';

const split = (text: string) => splitText(text, splitMessage);

describe('splitMessage', () => {
  it.each([
    ['job closed in 40 ms', 'job closed in {} ms', ['40']],
    ['at 2026-11-27T09:05:00.123Z', 'at {}-{}-{}:{}:{}.{}', ['2026', '11', '27T09', '05', '00', '123Z']],
    ['id 0a1b2c3d4e and -5', 'id {} and -{}', ['0a1b2c3d4e', '5']],
    ['ref 00000000-1111-4222-8333-444444444444.', 'ref {}.', ['00000000-1111-4222-8333-444444444444']],
    ['007 0 00 12345678901234567890', '{} {} {} {}', ['007', '0', '00', '12345678901234567890']],
    ['no variable at all', 'no variable at all', []],
    ['', '', []],
  ])('splits "%s"', (text, literals, values) => {
    expect(split(text)).toMatchObject({ literals, values });
  });

  it('stores only integers as integers that are written back in the same way', () => {
    const slots = split('0 7 10 00 123456789012345 1234567890123456 1a')?.slots ?? [];
    expect(slots.map(({ kind }) => kind === KINDS.INTEGER)).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  it('stores variables after the same word in one slot', () => {
    const slots = (text: string): unknown => split(text)?.slots;
    expect(slots('order opened in 12 ms')).toEqual(slots('a job was closed in 4 ms'));
    expect(slots('order opened in 12 ms')).not.toEqual(slots('order opened after 12 ms'));
  });

  it('does not split a text that contains the mark', () => {
    expect(split('1\u00012')).toBeUndefined();
  });

  it('does not split a text with too many variables', () => {
    expect(split('1 '.repeat(64))?.values).toHaveLength(64);
    expect(split('1 '.repeat(65))).toBeUndefined();
  });
});
