import { describe, expect, it } from 'vitest';
import { errorOf } from './parse-support';

describe('parseFilter', () => {
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
});

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
});

describe('parseFilter of empty parentheses', () => {
  it.each(['()', '( )', '(\n)'])('rejects %j at its start', (filter) => {
    expect(errorOf(filter)).toMatchObject({
      message: expect.stringContaining('These parentheses are empty') as string,
      position: 0,
    });
  });
});
