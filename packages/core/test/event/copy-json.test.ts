import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonCopier } from '../../src/event/copy-json';
import { parseJson } from '../../src/event/parse-json';
import { data, text } from './arbitraries';

/** Returns the copy of a JSON text, or `undefined` if it is not copied. */
function copy(json: string): string | undefined {
  const source = Buffer.from(` ${json} `);
  const target = Buffer.alloc(source.length);
  const end = new JsonCopier().copyObject(source, 1, source.length - 1, target, 0);
  return end === undefined ? undefined : target.toString('utf8', 0, end);
}

function nested(levels: number): string {
  return '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
}

/** Numbers as JSON, in forms that `JSON.stringify` does and does not write. */
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((value) => value.toFixed(3)),
  fc.integer().map(String),
  fc.stringMatching(/^-?(0|[1-9]\d{0,17})(\.\d{1,17})?([eE][+-]?\d{1,2})?$/),
  fc.constantFrom('0.000001', '0.0000001', '-0', '-0.0', '1e3', '123456789012345', '1234567890123456'),
);

const string = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '"\\/"',
    '"\\u0041"',
    '"\\u001f"',
    '"\\n\\t\\"\\\\"',
    '"\\ud800"',
    '"a\\x"',
    '"\u0001"',
    '"',
  ),
);

/** JSON objects, and texts that are almost JSON. */
const { object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    number,
    string,
    fc.constantFrom('true', 'false', 'null', 'nul'),
    tie('object'),
    {
      arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(' ,')}]`),
      weight: 1,
    },
  ),
  object: fc
    .array(fc.tuple(fc.oneof(string, fc.constantFrom('"a"', '"a"', '"1"', '"__proto__"')), tie('value')), {
      maxLength: 4,
    })
    .map((fields) => `{${fields.map(([key, value]) => `${key}:\n${value}`).join(', ')}}`),
}));

describe('JsonCopier', () => {
  it('copies only text that JSON.stringify would write after parsing it', () => {
    fc.assert(
      fc.property(object, (json) => {
        const copied = copy(json);
        if (copied !== undefined) expect(copied).toBe(JSON.stringify(parseJson(json)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('copies what JSON.stringify writes, without the whitespace', () => {
    const isFrequent = (json: string): boolean =>
      !/\\u|"\d/.test(json) && JSON.stringify(parseJson(json)) === json;
    fc.assert(
      fc.property(data, fc.constantFrom(0, 2), (value, spaces) => {
        const json = JSON.stringify(value);
        fc.pre(isFrequent(json));
        expect(copy(JSON.stringify(value, undefined, spaces))).toBe(json);
      }),
    );
  });

  it.each([
    '{}',
    '{"userId":42,"durationMs":1.5,"path":"/a?b=c","tags":["x",null,true,false,-0.25],"nested":{"é":{}}}',
    '{"a":4166729.057281805,"b":1e+21,"c":5e-324,"d":9007199254740991,"e":1.5e-7}',
    '{"a":0.000001,"b":123456789012345,"c":-7,"d":0}',
    '{"stack":"Error: x\\n\\tat \\"f\\" (C:\\\\a.js)"}',
    nested(32),
  ])('copies %s', (json) => {
    expect(copy(json)).toBe(json);
  });

  it.each([
    ['a repeated key', '{"a":1,"a":2}'],
    ['a key that is an index', '{"b":1,"0":2}'],
    ['an exponent', '{"a":1e3}'],
    ['a zero at the end of a fraction', '{"a":1.50}'],
    ['minus zero', '{"a":-0}'],
    ['an integer beyond 2^53', '{"a":9007199254740993}'],
    ['a fraction with too many digits', '{"a":0.10000000000000001}'],
    ['a number without digits', '{"a":-}'],
    ['a number that ends with a point', '{"a":1.}'],
    ['a number with two points', '{"a":1.2.3}'],
    ['a number that starts with a zero', '{"a":01}'],
    ['a number that is written with an exponent', '{"a":0.0000001}'],
    ['an escape sequence that is not needed', '{"a":"\\u0041"}'],
    ['a control character', '{"a":"\u0001"}'],
    ['too many levels', nested(33)],
    ['an array', '[1]'],
    ['an open object', '{"a":1'],
    ['an open string', '{"a":"1'],
    ['an open escape sequence', '{"a":"\\'],
    ['text after the object', '{}{}'],
    ['a comma too many', '{"a":1,}'],
    ['a literal that is cut off', '{"a":tru'],
    ['no text', ''],
  ])('does not copy %s', (_, json) => {
    expect(copy(json)).toBeUndefined();
  });

  it('compares the keys of one object only', () => {
    const json = '{"a":{"a":[{"a":1},{"a":2}],"b":{}},"b":{"a":1}}';
    expect(copy(json)).toBe(json);
  });

  it('reports whether the copy is ASCII', () => {
    const copier = new JsonCopier();
    const target = Buffer.alloc(20);
    copier.copyObject(Buffer.from('{"a":"é"}'), 0, 10, target, 0);
    expect(copier.isAscii).toBe(false);
    copier.copyObject(Buffer.from('{"a":"e"}'), 0, 9, target, 0);
    expect(copier.isAscii).toBe(true);
  });
});
