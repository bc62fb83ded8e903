import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVigilantError, type VigilantError } from '../../src/util/errors';
import type { Filter } from '../../src/filter/ast';
import { checkFilter } from '../../src/filter/check';
import { formatFilter } from '../../src/filter/format';
import type { FilterObject } from '../../src/filter/from-object';
import { parseFilter } from '../../src/filter/parse';
import { toFilter } from '../../src/filter/to-filter';

function errorOf(act: () => unknown): VigilantError {
  try {
    act();
  } catch (error) {
    if (isVigilantError(error)) return error;
    throw error;
  }
  throw new Error('No error');
}

describe('toFilter with an object', () => {
  it.each<[FilterObject, string]>([
    [{}, ''],
    [{ source: 'auth', level: ['WARN', 'ERROR'] }, 'source:auth level:WARN,ERROR'],
    [{ 'data.userId': 42 }, 'data.userId:42'],
    [{ 'data.userId': '42' }, 'data.userId:"42"'],
    [{ 'data.x': [true, null, 'null', 1e21] }, 'data.x:true,null,"null",1e+21'],
    [{ 'data."odd key".x': 'a*' }, 'data."odd key".x:"a*"'],
    [{ source: 'a*,b "c"' }, String.raw`source:"a*,b \"c\""`],
    [{ source: '' }, 'source:""'],
    [{ tag: ['a', 'b'] }, 'tags:a,b'],
    [{ level: 'warning' }, 'level:WARN'],
    [{ severity: 3, id: 7 }, 'severity:3 id:7'],
    [{ timestamp: 1_767_225_600_000 }, 'timestamp:2026-01-01T00:00:00Z'],
    [{ timestamp: 5 }, 'timestamp:1970-01-01T00:00:05Z'],
    [{ timestamp: '20260101' }, 'timestamp:2026-01-01T00:00:00Z'],
    [{ timestamp: 'now-2h' }, 'timestamp:now-2h'],
    [{ source: [] }, '-""'],
    [{ source: 'lone\ud800' }, 'source:lone\ufffd'],
  ])('converts %j to %s', (object, text) => {
    const filter = toFilter(object);
    expect(formatFilter(filter)).toBe(text);
    expect(filter).toStrictEqual(parseFilter(text));
  });

  it.each<[unknown, string]>([
    [{ sorce: 'auth' }, 'did you mean source?'],
    [{ userId: 42 }, 'data.key'],
    [{ 'source:': 'auth' }, 'end of the field name'],
    [{ 'data.': 1 }, 'Expected a key'],
    [{ source: undefined }, 'source: Expected a string or a finite number, found undefined'],
    [{ source: null }, 'found null'],
    [{ source: true }, 'found boolean'],
    [{ source: { equals: 'x' } }, 'found object'],
    [{ source: [['x']] }, 'found object'],
    [{ level: 2 }, 'the name of a level'],
    [{ level: 'loud' }, 'Expected a level'],
    [{ severity: 1.5 }, '32-bit'],
    [{ timestamp: 'yesterday' }, 'Expected a time'],
    [{ 'data.x': 2 ** 53 }, 'digits as a string'],
    [{ 'data.x': NaN }, 'found NaN'],
    [{ 'data.x': () => 1 }, 'found function'],
    [{ source: Array.from({ length: 256 }, (_, n) => `${n}`) }, 'at most 256'],
    [{ source: 'x'.repeat(9000) }, 'at most 8192 bytes'],
  ])('rejects %j: %s', (object, reason) => {
    const error = errorOf(() => toFilter(object as FilterObject));
    expect(error.code).toBe('VIGILANT_FILTER_INVALID');
    expect(error.message).toContain(reason);
  });

  it.each([
    [42, '42'],
    [null, 'null'],
    [true, 'true'],
    [[], 'an empty array'],
    [() => 'x', 'a function'],
    [new Date(0), 'an object'],
    [new Map(), 'an object'],
  ])('rejects the value %j', (input, described) => {
    const message = `The filter must be a string, a tree, or an object of fields and values, not ${described}.`;
    expect(errorOf(() => toFilter(input as never))).toMatchObject({
      code: 'VIGILANT_FILTER_INVALID',
      message,
    });
  });

  it('accepts objects of another realm and without a prototype', () => {
    const wanted = toFilter({ source: 'shop' });
    expect(toFilter(runInNewContext("({ source: 'shop' })") as FilterObject)).toEqual(wanted);
    expect(toFilter(Object.assign(Object.create(null), { source: 'shop' }) as FilterObject)).toEqual(wanted);
  });

  it('matches every event without a filter', () => {
    expect(toFilter()).toEqual({ kind: 'all' });
    expect(toFilter('')).toEqual({ kind: 'all' });
  });
});

describe('toFilter with a tree', () => {
  it('returns the canonical form', () => {
    const a: Filter = { kind: 'contains', text: 'a' };
    const nested: Filter = { kind: 'and', filters: [{ kind: 'and', filters: [a] }, { kind: 'all' }] };
    expect(toFilter(nested)).toEqual(a);
  });

  const leaf = { kind: 'text', field: 'source', operator: 'equals', value: 'x' };
  const data = { kind: 'data', path: ['x'], test: { operator: 'equals', text: '42', literal: 42 } };
  it.each<[unknown, string]>([
    [{ kind: 'nor' }, 'kind'],
    [{ kind: '__proto__' }, 'kind'],
    [{ kind: 'and' }, 'filters'],
    [{ kind: 'and', filters: [leaf, 'x'] }, 'filters[1]'],
    [{ kind: 'or', filters: [leaf, { kind: 'not' }] }, 'filters[1].filter'],
    [{ kind: 'not', filter: null }, 'filter'],
    [{ kind: 'all', of: 1 }, 'of'],
    [{ kind: 'contains', text: 1 }, 'text'],
    [{ kind: 'contains', text: 'lone\ud800' }, 'text'],
    [{ ...leaf, field: 'sorce' }, 'field'],
    [{ ...leaf, field: 'level' }, 'field'],
    [{ ...leaf, operator: 'contains' }, 'operator'],
    [{ ...leaf, value: undefined }, 'value'],
    [{ ...leaf, caseSensitive: false }, 'caseSensitive'],
    [{ kind: 'ordered', field: 'level', operator: '=', value: 4 }, 'value'],
    [{ kind: 'ordered', field: 'level', operator: '=', value: 'WARN' }, 'value'],
    [{ kind: 'ordered', field: 'severity', operator: '=', value: 2 ** 31 }, 'value'],
    [{ kind: 'ordered', field: 'timestamp', operator: '=', value: 0.5 }, 'value'],
    [{ kind: 'ordered', field: 'timestamp', operator: '!=', value: 0 }, 'operator'],
    [{ kind: 'relative', operator: '>', offset: 1 }, 'offset'],
    [{ kind: 'relative', operator: '>', offset: Infinity }, 'offset'],
    [{ kind: 'present', field: 'data' }, 'field'],
    [{ ...data, path: [] }, 'path'],
    [{ ...data, path: 'x' }, 'path'],
    [{ ...data, path: [1] }, 'path'],
    [{ ...data, path: Array(33).fill('x') }, 'path'],
    [{ ...data, test: undefined }, 'test'],
    [{ ...data, test: { operator: 'like' } }, 'test.operator'],
    [{ ...data, test: { operator: 'equals', text: 'x', literal: 42 } }, 'test.literal'],
    [{ ...data, test: { operator: '>', number: '5' } }, 'test.number'],
    [{ ...data, test: { operator: '>', number: NaN } }, 'test.number'],
  ])('rejects %j and names %s', (tree, path) => {
    const error = errorOf(() => toFilter(tree as Filter));
    expect(error.code).toBe('VIGILANT_FILTER_INVALID');
    expect(error.violations[0]?.field).toBe(path);
    expect(error.message).toContain(`${path}: `);
  });

  it('rejects a tree that is cyclic, too deep, too wide or too long', () => {
    const cycle = { kind: 'not' } as { kind: 'not'; filter: Filter };
    cycle.filter = cycle;
    expect(errorOf(() => toFilter(cycle)).message).toContain('32 levels deep');
    const wide: Filter = { kind: 'or', filters: Array(256).fill(leaf) as Filter[] };
    expect(errorOf(() => checkFilter(wide)).message).toContain('256');
    const long = { kind: 'contains', text: '支'.repeat(2731) } as const;
    expect(errorOf(() => checkFilter(long)).message).toContain('8192 bytes');
    const both: Filter = {
      kind: 'and',
      filters: Array(3).fill({ kind: 'contains', text: 'x'.repeat(4000) }) as Filter[],
    };
    expect(errorOf(() => checkFilter(both)).message).toContain('8192 bytes');
  });

  it('returns a valid tree, or throws VIGILANT_FILTER_INVALID, for any input', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (input) => {
          try {
            checkFilter(toFilter(input as never));
          } catch (error) {
            expect(error).toMatchObject({ code: 'VIGILANT_FILTER_INVALID' });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('checkFilter', () => {
  const contains = (length: number): Filter => ({ kind: 'contains', text: 'x'.repeat(length) });
  const ordered = (field: string, value: number) => ({ kind: 'ordered', field, operator: '=', value });
  const data = (test: object, path: readonly unknown[] = ['x']) => ({ kind: 'data', path, test });
  const present = { operator: 'present' };
  const nested = (depth: number): Filter =>
    depth === 1 ? contains(1) : { kind: 'and', filters: [nested(depth - 1)] };
  const negated = (depth: number): Filter =>
    depth === 1 ? contains(1) : { kind: 'not', filter: negated(depth - 1) };
  const wide = (nodes: number): Filter => ({ kind: 'or', filters: Array(nodes - 1).fill(contains(1)) });
  const LATEST = 2 ** 43 * 1_000;
  const KINDS = 'one of and, or, not, data, all, contains, text, ordered, relative, present';
  const TESTS = 'one of equals, prefix, present, <, <=, >, >=';
  const FIELDS = 'one of id, message, origin, source, type, group, tags, level, severity, timestamp';
  const DEPTH = 'a filter nested at most 32 levels deep';
  const OFFSET = `a whole number of milliseconds in microseconds, at most ${LATEST} from now`;
  const LITERAL = 'the JSON literal that the text denotes';

  it.each<[string, unknown]>([
    ['a text of 8192 bytes', contains(8_192)],
    ['256 nodes', wide(256)],
    ['32 levels of "and"', nested(32)],
    ['32 levels of "not"', negated(32)],
    ['the first level', ordered('level', 0)],
    ['the last level', ordered('level', 3)],
    ['the least severity', ordered('severity', -(2 ** 31))],
    ['the greatest severity', ordered('severity', 2 ** 31 - 1)],
    ['the first timestamp', ordered('timestamp', -LATEST)],
    ['the last timestamp', ordered('timestamp', LATEST)],
    ['the first relative time', { kind: 'relative', operator: '>', offset: -LATEST }],
    ['the last relative time', { kind: 'relative', operator: '>', offset: LATEST }],
    ['a path of one segment', data(present)],
    ['a path of 32 segments', data(present, Array(32).fill('x'))],
    ['a text without a literal', data({ operator: 'equals', text: '42' })],
    ['a text with its literal', data({ operator: 'equals', text: '42', literal: 42 })],
    ['a comparison of data', data({ operator: '<', number: -1.5 })],
    ['an inclusive comparison of data', data({ operator: '>=', number: 0 })],
    ['a prefix of data', data({ operator: 'prefix', text: '' })],
    ['an empty conjunction', { kind: 'and', filters: [] }],
    ['the presence of a field', { kind: 'present', field: 'level' }],
  ])('accepts %s', (_, filter) => {
    expect(() => checkFilter(filter as Filter)).not.toThrow();
  });

  it.each<[string, unknown, string, string]>([
    ['a text', 'level:WARN', 'filter', 'an object'],
    ['nothing', undefined, 'filter', 'an object'],
    ['another kind', { kind: 'later' }, 'kind', KINDS],
    ['a text of 8193 bytes', contains(8_193), 'text', 'a well-formed string of at most 8192 bytes'],
    ['257 nodes', wide(257), 'filters[255]', 'a filter of at most 256 terms and operators'],
    ['33 levels of "and"', nested(33), `${'filters[0].'.repeat(31)}filters[0]`, DEPTH],
    ['33 levels of "not"', negated(33), `${'filter.'.repeat(31)}filter`, DEPTH],
    ['parts that are not a list', { kind: 'and', filters: {} }, 'filters', 'an array of filters'],
    ['a key of "and"', { kind: 'and', filters: [], of: 1 }, 'of', 'only the keys kind, filters'],
    ['a key of "not"', { kind: 'not', filter: contains(1), of: 1 }, 'of', 'only the keys kind, filter'],
    ['a key of data', { ...data(present), of: 1 }, 'of', 'only the keys kind, path, test'],
    [
      'a key of a field',
      { ...ordered('level', 1), of: 1 },
      'of',
      'only the keys kind, field, operator, value',
    ],
    ['a key of a test', data({ ...present, of: 1 }), 'test.of', 'only the keys operator'],
    ['a level below DEBUG', ordered('level', -1), 'value', 'an integer from 0 to 3'],
    ['a level above ERROR', ordered('level', 4), 'value', 'an integer from 0 to 3'],
    [
      'a low severity',
      ordered('severity', -(2 ** 31) - 1),
      'value',
      'an integer from -2147483648 to 2147483647',
    ],
    ['a high severity', ordered('severity', 2 ** 31), 'value', 'an integer from -2147483648 to 2147483647'],
    [
      'an early timestamp',
      ordered('timestamp', -LATEST - 1),
      'value',
      `an integer from ${-LATEST} to ${LATEST}`,
    ],
    [
      'a late timestamp',
      ordered('timestamp', LATEST + 1),
      'value',
      `an integer from ${-LATEST} to ${LATEST}`,
    ],
    ['a late relative time', { kind: 'relative', operator: '>', offset: LATEST + 1_000 }, 'offset', OFFSET],
    ['a path with a number', data(present, ['x', 1]), 'path', 'an array of 1 to 32 strings'],
    ['equality of numbers', data({ operator: '=', number: 1 }), 'test.operator', TESTS],
    ['an infinite number', data({ operator: '<', number: Infinity }), 'test.number', 'a finite number'],
    ['another literal', data({ operator: 'equals', text: '42', literal: '42' }), 'test.literal', LITERAL],
    ['the presence of data', { kind: 'present', field: 'data' }, 'field', FIELDS],
  ])('rejects %s', (_, filter, field, expected) => {
    const { code, message, violations } = errorOf(() => checkFilter(filter as Filter));
    const reason = `Expected ${expected}`;
    expect({ code, violations }).toEqual({
      code: 'VIGILANT_FILTER_INVALID',
      violations: [{ field, code: 'invalid_filter', reason }],
    });
    expect(message).toBe(`${field}: ${reason}.`);
  });
});

describe('toFilter of an object with a value at a limit', () => {
  it.each<[FilterObject, string]>([
    [{ severity: 2 ** 31 - 1 }, 'severity:2147483647'],
    [{ severity: -(2 ** 31) }, 'severity:-2147483648'],
    [{ severity: -0 }, 'severity:0'],
    [{ 'data.x': -0 }, 'data.x:0'],
    [{ 'data.x': 2 ** 53 - 1 }, 'data.x:9007199254740991'],
    [{ 'data.x': false }, 'data.x:false'],
    [{ 'data.x': 'false' }, 'data.x:"false"'],
  ])('reads %j as %s', (object, text) => {
    expect(toFilter(object)).toStrictEqual(parseFilter(text));
    expect(formatFilter(toFilter(object))).toBe(text);
  });
});
