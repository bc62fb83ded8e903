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
    expect(errorOf(() => toFilter(cycle)).message).toContain('32 deep');
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
