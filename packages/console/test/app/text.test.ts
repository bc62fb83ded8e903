import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../src/app/api/types';
import { toMarkdown, traceOf } from '../../src/app/text/event-text';
import { fieldText, joinPath, splitPath } from '../../src/app/text/field-value';
import { linkOf } from '../../src/app/text/link';
import { parseStack } from '../../src/app/text/stack';
import { summarize } from '../../src/app/text/summary';
import { visibleLine, visibleText } from '../../src/app/text/visible';

const event = (fields: Partial<ApiEvent>): ApiEvent => ({
  id: '1',
  message: 'm',
  level: 'INFO',
  severity: 0,
  timestamp: '2026-03-04T05:06:07Z',
  receivedAt: '2026-03-04T05:06:07Z',
  origin: '',
  source: '',
  type: 'log',
  group: 'default',
  tags: [],
  data: {},
  ...fields,
});

describe('visibleText', () => {
  it('contains no character that hides or reorders text', () => {
    const hostile = fc.constantFrom('\u202e', '\u0000', '\u200b', '\ufeff', '\u2066', '\u001b', '\ud800', '\u2028', 'a', '\n', '\u{e0041}', '😀'); // prettier-ignore
    fc.assert(
      fc.property(
        fc.array(hostile).map((parts) => parts.join('')),
        (text) => {
          const visible = visibleText(text);
          expect(visible).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Cs}\u200b\ufeff\u2028\u{e0041}]/u);
        },
      ),
    );
  });

  it.each([
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['a\u0007\u001b[31m', 'a␇␛[31m'],
    ['a\nb\tc', 'a↵b⇥c'],
    ['👩‍👩‍👧 مرحبا', '👩‍👩‍👧 مرحبا'],
    ['\ud83d', '⟨U+D83D⟩'],
    ['a\u034fb\u2800', 'a⟨U+034F⟩b⟨U+2800⟩'],
    ['\u115f\u1160\u3164\uffa0', '⟨U+115F⟩⟨U+1160⟩⟨U+3164⟩⟨U+FFA0⟩'],
    ['a\u{e0100}\u{e01ef}', 'a⟨U+E0100⟩⟨U+E01EF⟩'],
    ['❤\ufe0f', '❤\ufe0f'],
  ])('shows %j as %j', (text, expected) => expect(visibleText(text)).toBe(expected));

  it('keeps lines where there is room for them', () => {
    expect(visibleText('a\n\tb\r', 'block')).toBe('a\n\tb␍');
  });
});

describe('visibleLine', () => {
  it('cuts long text, but not within a character', () => {
    expect(visibleLine('abc😀', 4)).toBe('abc…');
    expect(visibleLine('abc', 3)).toBe('abc');
  });
});

describe('summarize', () => {
  it('shows nested data as pairs on one line', () => {
    expect(summarize({ ms: 5, a: { b: 'x y', c: null }, list: [1, 'z'] })).toBe(
      'ms=5 a.b="x y" a.c=null list=[1,"z"]',
    );
  });

  it('ends after the limit', () => {
    const data = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key${index}`, index]));
    expect(summarize(data, 50).length).toBeLessThan(80);
  });
});

describe('fieldText', () => {
  const data = {
    http: { status: 502 },
    'a.b': { c: 1 },
    items: [{ sku: 'x' }, { sku: 'y' }],
    'odd key': true,
  };

  it.each([
    ['data.http.status', '502'],
    ['data.a.b.c', '1'],
    ['data.items.sku', 'x, y'],
    ['data."odd key"', 'true'],
    ['data.missing', ''],
    ['data.constructor', ''],
    ['tags', 'p, q'],
    ['severity', '0'],
  ])('reads %s', (field, expected) =>
    expect(fieldText(event({ data, tags: ['p', 'q'] }), field)).toBe(expected),
  );

  it('reads back every path that joinPath writes', () => {
    const keys = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(keys, (path) => void expect(splitPath(joinPath(path))).toEqual(path)));
  });
});

describe('traceOf', () => {
  it.each([
    [{ traceId: 'a' }, { field: 'data.traceId', value: 'a' }],
    [{ trace: { id: 7 } }, { field: 'data.trace.id', value: 7 }],
    [{ traceId: '' }, undefined],
    [{}, undefined],
  ])('finds in %j %j', (data, expected) => expect(traceOf(event({ data }))).toEqual(expected));
});

describe('linkOf', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://',
    'see https://a',
    'HTTPS:evil',
    '//a.b',
    'file:///etc',
    'https://bank.example@evil.example/',
    'https://bank.example:443@evil.example/',
    `https://a.example/${'x'.repeat(2_000)}`,
  ])('does not link %s', (text) => expect(linkOf(text)).toBeUndefined());

  it.each(['https://example.com/a?b', 'http://localhost:8080/x', 'HTTPS://EXAMPLE.com/', 'http://[::1]:80/'])(
    'links %s as it is',
    (text) => {
      expect(linkOf(text)).toEqual({ href: new URL(text).href });
    },
  );

  it.each([
    ['https://\u0430pple.com/login', 'xn--pple-43d.com'],
    ['https://\u0430\u0440\u0440\u04cf\u0435.com', 'xn--80ak6aa92e.com'],
    ['https://m\u00fcnchen.example', 'xn--mnchen-3ya.example'],
    ['https://\uff45\uff56\uff49\uff4c.example', 'evil.example'],
    ['https://bank\u00ad.example', 'bank.example'],
    ['http://2130706433/', '127.0.0.1'],
    ['https://evil.example\\@bank.example/', 'evil.example'],
  ])('names the host that %s opens', (text, host) => {
    expect(linkOf(text)?.host).toBe(host);
  });
});

describe('toMarkdown', () => {
  it('names the zone of a time that is not UTC', () => {
    expect(toMarkdown(event({ origin: 'o' }), 'https://a/', 'Mar 4, 06:06:07 Europe/Berlin')).toMatch(
      /^\*\*INFO\*\* 2026-03-04T05:06:07Z \(Mar 4, 06:06:07 Europe\/Berlin\) o\n/,
    );
  });

  it('keeps text that contains fences within its own fence', () => {
    const text = toMarkdown(event({ message: 'a\n````\nb', origin: '*x*' }), 'https://a/');
    expect(text).toContain('`````\na\n````\nb\n`````');
    expect(text).toContain('\\*x\\*');
  });
});

describe('parseStack', () => {
  it('groups frames of libraries', () => {
    const stack = parseStack(
      'TypeError: x\n    at a (src/a.ts:1:2)\n    at b (/app/node_modules/@s/lib/i.js:3:4)\n    at node:internal/x:5:6\n    at async c (file:///app/c.ts:7:8)',
    );
    expect(stack?.title).toBe('TypeError: x');
    expect(stack?.groups.map(({ isLibrary, frames }) => [isLibrary, frames.map(({ name }) => name)])).toEqual(
      [
        [false, ['a']],
        [true, ['b', '<anonymous>']],
        [false, ['c']],
      ],
    );
    expect(stack?.groups[1]?.frames.map(({ library }) => library)).toEqual(['@s/lib', 'node:internal']);
  });

  it.each([
    ['Python', 'Traceback:\n  File "/app/x.py", line 3, in run\n    go()\nValueError: y', 'run'],
    ['Java', 'java.lang.Error: x\n\tat com.shop.Pay.charge(Pay.java:8)', 'com.shop.Pay.charge'],
  ])('reads a trace of %s', (_, text, name) => {
    expect(parseStack(text)?.groups[0]?.frames[0]?.name).toBe(name);
  });

  it.each(['', 'no trace', 'a\nb\nc', 'at the end'])('finds none in %j', (text) =>
    expect(parseStack(text)).toBeUndefined(),
  );

  it('ends quickly for a long hostile line', () => {
    const started = performance.now();
    parseStack(`x\n    at ${'a '.repeat(20_000)}(`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
