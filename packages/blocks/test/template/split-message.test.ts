import { describe, expect, it } from 'vitest';
import { splitMessage } from '../../src/template/split-message';

/** Shows a skeleton with its labels in braces. */
const show = (text: string): string | undefined =>
  splitMessage(text, true)
    ?.skeleton.split('\u0001')
    .map((part, index) => (index % 2 === 0 ? part : `{${part}}`))
    .join('');

const valuesOf = (text: string): readonly string[] | undefined => splitMessage(text, true)?.values;

describe('splitMessage', () => {
  it.each([
    ['job closed in 40 ms', 'job closed in {i} ms', ['40']],
    [
      'at 2026-11-27T09:05:00.123Z',
      'at {i}-{i}-{word}:{word}:{word}.{word}',
      ['2026', '11', '27T09', '05', '00', '123Z'],
    ],
    ['id 0a1b2c3d4e and -5', 'id {hex10} and -{i}', ['0a1b2c3d4e', '5']],
    ['ref 00000000-1111-4222-8333-444444444444.', 'ref {uuid}.', ['00000000-1111-4222-8333-444444444444']],
    [
      '007 0 00 12345678901234567890',
      '{word} {i} {word} {hex20}',
      ['007', '0', '00', '12345678901234567890'],
    ],
    ['no variable at all', 'no variable at all', []],
    ['', '', []],
  ])('splits "%s"', (text, skeleton, values) => {
    expect(show(text)).toBe(skeleton);
    expect(valuesOf(text)).toEqual(values);
  });

  it('stores variables after the same word in one slot', () => {
    const slots = (text: string): readonly string[] => splitMessage(text, true)?.slots ?? [];
    expect(slots('order opened in 12 ms')).toEqual(slots('a job was closed in 4 ms'));
    expect(slots('order opened in 12 ms')).not.toEqual(slots('order opened after 12 ms'));
  });

  it('does not split a text that contains the mark', () => {
    expect(splitMessage('1\u00012', true)).toBeUndefined();
  });

  it('does not split a text with too many variables', () => {
    expect(valuesOf('1 '.repeat(64))).toHaveLength(64);
    expect(splitMessage('1 '.repeat(65), true)).toBeUndefined();
  });
});
