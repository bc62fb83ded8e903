import { parseFilter } from '@vigilant/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitValues, tokenize } from '../../src/app/query/tokenize';

const FRAGMENTS = ['level', 'data.', 'a', ':', '=', '>', '>=', '"', '\\', ' ', '(', ')', '-', ',', '*', 'OR', 'AND', 'NOT', '"x y"', 'ü', '😀', '\t']; // prettier-ignore
const anyQuery = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 }).map((parts) => parts.join(''));

const kinds = (query: string): string[] =>
  tokenize(query)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, text }) => `${kind} ${text}`);

describe('tokenize', () => {
  it('covers every text completely and in order', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const tokens = tokenize(query);
        expect(tokens.map(({ text }) => text).join('')).toBe(query);
        for (const { start, end, text } of tokens) expect(query.slice(start, end)).toBe(text);
        for (const { field, operator, value, kind } of tokens) {
          if (kind !== 'term') continue;
          expect([field?.end, operator?.end]).toEqual([operator?.start, value?.start]);
        }
      }),
    );
  });

  it('separates terms, text, keywords and parentheses', () => {
    expect(kinds('level>=WARN -tag:noisy ("a b" OR NOT -(word) x:"1 2",3*)')).toEqual([
      'term level>=WARN',
      'term -tag:noisy',
      'paren (',
      'text "a b"',
      'keyword OR',
      'keyword NOT',
      'paren -(',
      'text word',
      'paren )',
      'term x:"1 2",3*',
      'paren )',
    ]);
  });

  it('reads quoted segments of a path as part of the field', () => {
    expect(tokenize('-data."odd key".x:1')[0]).toMatchObject({
      kind: 'term',
      isNegated: true,
      field: { text: 'data."odd key".x' },
      value: { text: '1' },
    });
  });

  it.each([
    'level>=WARN source:auth tag:payment data.userId:42 "card declined" -group:noisy',
    '(type:metric OR type:event) data.ms>250',
    'NOT (level:INFO,DEBUG) -"a \\" b" data."odd key":*',
  ])('agrees with the parser of the server on %s: each term is a filter by itself', (query) => {
    expect(() => parseFilter(query)).not.toThrow();
    for (const { kind, text } of tokenize(query))
      if (kind === 'term' || kind === 'text') expect(() => parseFilter(text)).not.toThrow();
  });
});

describe('splitValues', () => {
  const split = (text: string): string[] =>
    splitValues({ text, start: 5, end: 5 + text.length }).map((each) => each.text);

  it.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['"a,b",c', ['"a,b"', 'c']],
    ['a,', ['a', '']],
    ['"un,closed', ['"un,closed']],
  ])('splits %s', (text, expected) => expect(split(text)).toEqual(expected));
});
