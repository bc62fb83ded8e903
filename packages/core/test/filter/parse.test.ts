import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../support';
import { isVigilantError, type VigilantError } from '../../src/util/errors';
import type { Filter } from '../../src/filter/ast';
import { parseFilter } from '../../src/filter/parse';
import { text } from './arbitraries';

const contains = (wanted: string): Filter => ({ kind: 'contains', text: wanted });
const equals = (value: string): Filter => ({ kind: 'text', field: 'source', operator: 'equals', value });

function errorOf(filter: string): VigilantError {
  try {
    parseFilter(filter);
  } catch (error) {
    if (isVigilantError(error)) return error;
    throw error;
  }
  throw new Error(`No error for ${filter}`);
}

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

  it.each([
    ['-', 0, 'directly after "-"'],
    ['a - b', 2, 'directly after "-"'],
    ['--force', 0, 'directly after "-"'],
    ['()', 0, 'empty'],
    ['a ( ', 4, 'Expected a term, found the end'],
    ['(a', 0, 'not closed'],
    ['a)', 1, 'Unmatched ")"'],
    [')', 0, 'Expected a term'],
    ['a OR', 4, 'Expected a term, found the end'],
    ['a AND OR b', 6, 'Expected a term, found "OR"'],
    ['OR a', 0, 'Expected a term, found "OR"'],
    ['NOT', 3, 'Expected a term, found the end'],
    ['a "b', 2, 'not closed'],
    ['a"b"', 1, 'Expected a space'],
    ['"a"b', 3, 'Expected a space'],
    ['f(x)', 1, 'Expected a space, found "("'],
    ['(a)b', 3, 'Expected a space'],
    ['x http://y', 2, 'Unknown field "http"'],
    ['http://y', 0, 'put it in quotes'],
    ['foo:bar', 0, 'Unknown field "foo"'],
    ['sorce:x', 0, 'did you mean source?'],
    ['Level:WARN', 0, 'did you mean level?'],
    ['msg:x', 0, 'did you mean message?'],
    ['userId:1', 0, 'data.key'],
    ['constructor:1', 0, 'Unknown field'],
    ['__proto__:1', 0, 'Unknown field'],
    ['>5', 0, 'Expected a field'],
    ['source!=x', 0, 'no operator "!="'],
    ['data.x!=5', 6, 'Expected an operator'],
    ['data:5', 4, 'Expected a key of data'],
    ['data.:5', 5, 'Expected a key of data'],
    ['data..x:5', 5, 'Expected a key of data'],
    ['data."x"', 8, 'Expected an operator'],
    ['data."x:1', 5, 'not closed'],
    ['source:', 7, 'Expected a value, found the end; write "" for empty text'],
    ['source: x', 7, 'Expected a value'],
    ['source:a,', 9, 'Expected a value'],
    ['source:a, b', 9, 'Expected a value'],
    ['source:,a', 7, 'Expected a value'],
    ['source:a"b"', 8, 'Expected a space'],
    ['source:=x', 7, 'another operator'],
    ['data.x:>5', 7, 'another operator'],
    ['source>a', 7, 'source is text, which has no order'],
    ['tags>=a', 6, 'tags is text'],
    ['level:WRAN', 6, 'did you mean WARN?'],
    ['level:', 6, 'Expected a value'],
    ['level:""', 6, 'Expected a level'],
    ['level:W*', 6, 'not text'],
    ['level>W*', 6, 'cannot follow >'],
    ['level>=WARN,ERROR', 11, 'requires one value'],
    ['severity:high', 9, '32-bit'],
    ['severity:1.5', 9, '32-bit'],
    ['severity>2147483648', 9, '32-bit'],
    ['timestamp>yesterday', 10, 'Expected a time'],
    ['timestamp>=202403', 11, 'may be a date or an epoch'],
    ['level:\x1b[2J', 6, 'found "\\u{1b}[2J"'],
    ['timestamp>-2h', 10, 'Expected a time'],
    ['timestamp>now-2y', 10, 'Expected a time'],
    ['timestamp>now-9999999999999w', 10, 'Expected a time'],
    ['timestamp:2026*', 10, 'not text'],
    ['“card declined”', 0, 'Use " for quotes, not “'],
    ['a -„card“', 3, 'Use " for quotes, not „'],
    ['«card»', 0, 'Use " for quotes'],
    ['source:“auth”', 7, 'Use " for quotes'],
    ["source:'auth'", 7, `Use " for quotes, not '`],
    ['source:a,‘b’', 9, 'Use " for quotes'],
    ["x 'card declined'", 2, `Use " for quotes, not '`],
    ['‘card declined’ b', 0, 'Use " for quotes'],
    ['level：WARN', 5, 'write : instead'],
    ['-level：WARN', 6, 'write : instead'],
    ['severity≥3', 8, 'write >= instead'],
    ['source≠shop', 6, 'write "-" before the field'],
    ['data.user.id＝4', 12, 'write = instead'],
    ['*', 0, 'An empty filter matches every event'],
    ['(a OR *)', 6, 'An empty filter matches every event'],
    ['*pay*', 0, 'matches any part of a message, without "*"'],
    ['a pay*', 5, 'matches any part of a message, without "*"'],
    ['source:*pay*', 7, 'only at the end of a value'],
    ['source:**', 7, 'only at the end of a value'],
    ['data.x:a,*b', 9, 'only at the end of a value'],
    ['a && b', 2, 'Write AND or OR'],
    ['a || b', 2, 'Write AND or OR'],
    [String.raw`source:"\\srv\share"`, 13, 'write every backslash twice'],
    ['"C:\\temp\\"', 0, 'not closed: expected another "; \\" is a quote within the text'],
    ['data.x>abc', 7, 'needs a number'],
    ['data.x>"5"', 7, 'needs a number'],
    ['data.x<1e999', 7, 'needs a number'],
  ])('rejects %j at position %i: %s', (filter, position, reason) => {
    const error = errorOf(filter);
    expect(error.code).toBe('VIGILANT_FILTER_INVALID');
    expect(error.message).toContain(reason);
    expect(error.position).toBe(position);
  });

  it('counts positions in UTF-16 code units', () => {
    expect(errorOf('😀 支付 foo:x').position).toBe(6);
  });

  it('rejects a value that is not a string', () => {
    expect(errorOf(42 as never)).toMatchObject({
      code: 'VIGILANT_FILTER_INVALID',
      message: 'The filter must be a string, not 42.',
    });
  });

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

function at(operator: '=' | '<' | '>=', value: number): Filter {
  return { kind: 'ordered', field: 'timestamp', operator, value };
}

describe('parseFilter of AND and OR without a term', () => {
  it.each([
    ['AND', 0],
    ['AND a', 0],
    ['a AND AND b', 6],
    ['a OR AND b', 5],
    ['NOT AND', 4],
    ['-AND', 1],
    ['(AND)', 1],
  ])('rejects %j at position %i', (filter, position) => {
    const error = errorOf(filter);
    expect(error.message).toBe(`Expected a term, found "AND" (position ${position}).`);
    expect(error.position).toBe(position);
  });

  it.each(['AND', 'OR', 'NOT'])('reads "%s" in quotes, in lower case and as a part of a word', (operator) => {
    const words = [`"${operator}"`, operator.toLowerCase(), `${operator}X`];
    const texts = [operator, operator.toLowerCase(), `${operator}X`];
    expect(parseFilter(words.join(' '))).toStrictEqual({ kind: 'and', filters: texts.map(contains) });
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

describe('parseFilter of empty parentheses', () => {
  it.each(['()', '( )', '(\n)'])('rejects %j at its start', (filter) => {
    expect(errorOf(filter)).toMatchObject({
      message: expect.stringContaining('These parentheses are empty') as string,
      position: 0,
    });
  });
});
