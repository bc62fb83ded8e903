import { describe, expect, it } from 'vitest';
import {
  accept,
  mergeSuggestions,
  situationAt,
  suggestFields,
  suggestValues,
} from '../../src/app/query/suggest';

/** `|` is the caret. */
const at = (marked: string) => situationAt(marked.replace('|', ''), marked.indexOf('|'));

describe('situationAt', () => {
  it.each([
    ['|', { kind: 'field', prefix: '' }],
    ['lev|', { kind: 'field', prefix: 'lev', from: 0, to: 3 }],
    ['a -so|', { kind: 'field', prefix: 'so', from: 3, to: 5 }],
    ['(so|', { kind: 'field', prefix: 'so', from: 1 }],
    ['level:|', { kind: 'value', field: 'level', prefix: '', from: 6, to: 6, others: '' }],
    ['x level:WA|RN y', { kind: 'value', prefix: 'WA', from: 8, to: 12, others: 'x y' }],
    ['level:WARN,E|', { kind: 'value', prefix: 'E', from: 11, to: 12 }],
    ['source:"a b|', { kind: 'value', prefix: 'a b', from: 7 }],
    ['data.userId:|', { kind: 'value', field: 'data.userId' }],
    ['timestamp>|', { kind: 'none' }],
    ['"some text|', { kind: 'none' }],
  ])('finds for %s %j', (marked, expected) => expect(at(marked)).toMatchObject(expected));
});

describe('suggestFields', () => {
  it('finds fields by their start, and keys of data by their name', () => {
    const labels = suggestFields('user', ['data.userId', 'data.ms']).map(({ label }) => label);
    expect(labels).toEqual(['data.userId:']);
  });

  it('offers comparisons once the name of an ordered field is complete', () => {
    expect(suggestFields('level', []).map(({ label }) => label)).toEqual(['level:', 'level>=', 'level<=']);
  });
});

describe('suggestValues', () => {
  const values = [
    { value: 'auth payment', count: 9 },
    { value: 'payment', count: 3 },
  ];

  it('shows values that begin with the text first, and quotes them if necessary', () => {
    const items = suggestValues(values, 'pay', false);
    expect(items.map(({ insert, count }) => [insert, count])).toEqual([
      ['payment ', 3],
      ['"auth payment" ', 9],
    ]);
  });
});

describe('accept', () => {
  it('replaces the text at the caret and moves behind it', () => {
    const situation = at('x level:WA| y');
    if (situation.kind === 'none') throw new Error('No situation.');
    const result = accept('x level:WA y', situation, { insert: 'WARN ', label: 'WARN' });
    expect(result).toEqual({ query: 'x level:WARN y', caret: 12 });
  });
});

describe('mergeSuggestions', () => {
  const item = (label: string, count?: number) =>
    count === undefined ? { insert: label, label } : { insert: label, label, count };

  it('keeps the places of what is shown, and adds counts and further values', () => {
    const loaded = [item('c', 9), item('b', 5), item('a', 1)];
    expect(mergeSuggestions([item('a'), item('b')], loaded)).toEqual([
      item('a', 1),
      item('b', 5),
      item('c', 9),
    ]);
  });
});
