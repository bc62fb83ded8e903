import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVigilantError, type VigilantError } from '../../src/util/errors';
import type { Filter } from '../../src/filter/ast';
import { parseFilter } from '../../src/filter/parse';
import { text } from './arbitraries';
import { contains } from './parse-support';

const equals = (value: string): Filter => ({ kind: 'text', field: 'source', operator: 'equals', value });

describe('parseFilter', () => {
  it.each<[string, Filter]>([
    ['', { kind: 'all' }],
    [' \n\t\u00a0\u3000', { kind: 'all' }],
    ['declined', contains('declined')],
    ['"card declined"', contains('card declined')],
    ['a*b and,or 50% \\n', { kind: 'and', filters: ['a*b', 'and,or', '50%', '\\n'].map(contains) }],
    [
      "o'brien 'file' 2*3 错误：超时 a&b",
      { kind: 'and', filters: ["o'brien", "'file'", '2*3', '错误：超时', 'a&b'].map(contains) },
    ],
    ['"“card” *pay* level：WARN"', contains('“card” *pay* level：WARN')],
    [String.raw`"say \"hi\" C:\dir\new"`, contains(String.raw`say "hi" C:\dir\new`)],
    [String.raw`"C:\\dir\\new"`, contains(String.raw`C:\dir\new`)],
    [String.raw`source:\\srv\share`, equals(String.raw`\\srv\share`)],
    [String.raw`source:"\\\\srv\\share"`, equals(String.raw`\\srv\share`)],
    ['source:auth', equals('auth')],
    ['source=auth', equals('auth')],
    ['source:""', equals('')],
    ['source:a=b:c<d', equals('a=b:c<d')],
    ['source:a*b', equals('a*b')],
    ['source:"ab*"', equals('ab*')],
    ['source:auth,pay', { kind: 'or', filters: [equals('auth'), equals('pay')] }],
    ['source:"a,b"', equals('a,b')],
    ['source:ab*', { kind: 'text', field: 'source', operator: 'prefix', value: 'ab' }],
    ['source:"a b"*', { kind: 'text', field: 'source', operator: 'prefix', value: 'a b' }],
    ['source:"*"*', { kind: 'text', field: 'source', operator: 'prefix', value: '*' }],
    ['source:*', { kind: 'present', field: 'source' }],
    ['tag:x', { kind: 'text', field: 'tags', operator: 'equals', value: 'x' }],
    ['level>=warn', { kind: 'ordered', field: 'level', operator: '>=', value: 2 }],
    ['level:Fatal', { kind: 'ordered', field: 'level', operator: '=', value: 3 }],
    ['level:"trace"', { kind: 'ordered', field: 'level', operator: '=', value: 0 }],
    ['severity<-5', { kind: 'ordered', field: 'severity', operator: '<', value: -5 }],
    ['timestamp:2026-01-01', at('=', Date.UTC(2026, 0, 1) * 1000)],
    ['timestamp>=2026-01-01T02:00:00.000001+02:00', at('>=', Date.UTC(2026, 0, 1) * 1000 + 1)],
    ['timestamp<1767225600123', at('<', 1_767_225_600_123_000)],
    ['timestamp>=20240310', at('>=', Date.UTC(2024, 2, 10) * 1000)],
    ['timestamp>=2024', at('>=', Date.UTC(2024, 0, 1) * 1000)],
    ['timestamp>now-2h', { kind: 'relative', operator: '>', offset: -7_200_000_000 }],
    ['timestamp<now+250ms', { kind: 'relative', operator: '<', offset: 250_000 }],
    ['timestamp:now', { kind: 'relative', operator: '=', offset: 0 }],
    ['data.a.b:x', { kind: 'data', path: ['a', 'b'], test: { operator: 'equals', text: 'x' } }],
    ['data."odd key"."":x', { kind: 'data', path: ['odd key', ''], test: { operator: 'equals', text: 'x' } }],
    [
      'data.__proto__.x>=-1.5e3',
      { kind: 'data', path: ['__proto__', 'x'], test: { operator: '>=', number: -1500 } },
    ],
    ['data.x:*', { kind: 'data', path: ['x'], test: { operator: 'present' } }],
    ['data.x:4*', { kind: 'data', path: ['x'], test: { operator: 'prefix', text: '4' } }],
    ['data.foo', contains('data.foo')],
    ['a -b', { kind: 'and', filters: [contains('a'), { kind: 'not', filter: contains('b') }] }],
    ['NOT a b', { kind: 'and', filters: [{ kind: 'not', filter: contains('a') }, contains('b')] }],
    ['NOT(a)', { kind: 'not', filter: contains('a') }],
    [
      'a OR b AND c',
      { kind: 'or', filters: [contains('a'), { kind: 'and', filters: ['b', 'c'].map(contains) }] },
    ],
    ['a or not b', { kind: 'and', filters: ['a', 'or', 'not', 'b'].map(contains) }],
    ['"OR" ORDER', { kind: 'and', filters: ['OR', 'ORDER'].map(contains) }],
    ['x-y 支付', { kind: 'and', filters: ['x-y', '支付'].map(contains) }],
    ['lone\ud800', contains('lone\ufffd')],
  ])('parses %j', (filter, tree) => {
    expect(parseFilter(filter)).toStrictEqual(tree);
  });

  it.each<[string, number | boolean | null | undefined]>([
    ['42', 42],
    ['42.0', 42],
    ['1e3', 1000],
    ['-0', 0],
    ['0.1', 0.1],
    ['1e20', 1e20],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', undefined],
    ['18446744073709551615', undefined],
    ['1e400', undefined],
    ['007', undefined],
    ['+1', undefined],
    ['.5', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    ['true', true],
    ['false', false],
    ['null', null],
    ['True', undefined],
    ['"42"', undefined],
    ['"null"', undefined],
  ])('parses the value %s of data as the literal %s or its text', (value, literal) => {
    const test = {
      operator: 'equals',
      text: value.replaceAll('"', ''),
      ...(literal === undefined ? {} : { literal }),
    };
    expect(parseFilter(`data.x:${value}`)).toStrictEqual({ kind: 'data', path: ['x'], test });
  });

  it('returns a tree or throws VIGILANT_FILTER_INVALID for any text', () => {
    const piece = fc.oneof(
      text,
      fc.constantFrom(
        ...['level', 'data.', 'data."', 'source:', 'timestamp', '>=', ':', '*', 'now-2h', ' OR ', '-'],
      ),
      fc.constantFrom(...['(', ')', '"', '\\', ',', 'NOT ', 'AND', 'WARN', '1e3', '!', '\ud800']),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        (filter) => {
          try {
            parseFilter(filter);
          } catch (error) {
            expect(isVigilantError(error) && error.code).toBe('VIGILANT_FILTER_INVALID');
            expect((error as VigilantError).position).toBeLessThanOrEqual(filter.length);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});

function at(operator: '=' | '<' | '>=', value: number): Filter {
  return { kind: 'ordered', field: 'timestamp', operator, value };
}

describe('parseFilter of AND and OR without a term', () => {
  it.each(['AND', 'OR', 'NOT'])('reads "%s" in quotes, in lower case and as a part of a word', (operator) => {
    const words = [`"${operator}"`, operator.toLowerCase(), `${operator}X`];
    const texts = [operator, operator.toLowerCase(), `${operator}X`];
    expect(parseFilter(words.join(' '))).toStrictEqual({ kind: 'and', filters: texts.map(contains) });
  });
});
