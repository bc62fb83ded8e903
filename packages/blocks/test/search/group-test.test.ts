import type { Filter, JsonValue } from '@vigilant/core';
import { createMatcher, fold } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { ByteWriter } from '../../src/bytes/byte-writer';
import { finishWithChecksum } from '../../src/bytes/checksum';
import { DamagedBlockError, columnsOf } from '../../src/index';
import { compileGroupTest } from '../../src/search/group-test';
import { GROUP_ROWS, decodeTokenSets, encodeTokenSets } from '../../src/search/token-sets';
import { rows, toEvent } from '../support/arbitraries';

/** Returns the paths and scalar values of `data`. */
function pathsOf(
  value: JsonValue,
  path: readonly string[] = [],
): { path: readonly string[]; value: JsonValue }[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap((each) => pathsOf(each, path));
  if (typeof value !== 'object' || value === null) return path.length === 0 ? [] : [{ path, value }];
  return Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each as JsonValue, [...path, ...key.split('.')]),
  );
}

function literalOf(value: JsonValue): { literal?: number | boolean | null } {
  return typeof value === 'string' ? {} : { literal: value as number | boolean | null };
}

/** Filters that use what an event contains, so that many of them match it. */
function filtersFor(row: BlockRow): fc.Arbitrary<Filter> {
  const tags = JSON.parse(row.tags) as readonly string[];
  const paths = pathsOf(JSON.parse(row.data) as JsonValue);
  const contains = fc.tuple(fc.nat(row.message.length), fc.nat(8)).map(([start, length]): Filter => ({
    kind: 'contains',
    text: row.message.slice(start, start + length).toUpperCase(),
  }));
  const tag = fc
    .constantFrom(...tags, 'other')
    .map((value): Filter => ({ kind: 'text', field: 'tags', operator: 'equals', value }));
  const data = fc
    .constantFrom(...paths, { path: ['no', 'such'], value: 1 })
    .chain(({ path, value }) =>
      fc.constantFrom<Filter>(
        { kind: 'data', path, test: { operator: 'equals', text: String(value), ...literalOf(value) } },
        { kind: 'data', path, test: { operator: 'prefix', text: String(value).slice(0, 3) } },
        { kind: 'data', path, test: { operator: 'present' } },
        { kind: 'data', path, test: { operator: '>=', number: 0 } },
      ),
    );
  return fc.letrec<{ tree: Filter; leaf: Filter }>((tie) => ({
    leaf: fc.oneof(contains, tag, data, fc.constant<Filter>({ kind: 'all' })),
    tree: fc.oneof(
      { maxDepth: 3 },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 3 }).map((filters): Filter => ({ kind: 'and', filters })),
      fc.array(tie('tree'), { maxLength: 3 }).map((filters): Filter => ({ kind: 'or', filters })),
      tie('tree').map((filter): Filter => ({ kind: 'not', filter })),
    ),
  })).tree;
}

describe('compileGroupTest', () => {
  it('passes every group with an event that matches', () => {
    const cases = fc
      .array(rows, { minLength: 1, maxLength: 10 })
      .chain((block) => fc.record({ block: fc.constant(block), filter: filtersFor(block[0] as BlockRow) }));
    fc.assert(
      fc.property(cases, ({ block, filter }) => {
        const [tokens] = decodeTokenSets(encodeTokenSets(columnsOf(block))) ?? [];
        const matches = createMatcher(filter);
        if (tokens === undefined || !block.some((row) => matches(toEvent(row)))) return;
        expect(compileGroupTest(filter)(tokens)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  const DATA = JSON.stringify({
    user: { id: 7, 'é"\n': 'ü' },
    paths: ['/a', [1.5, 1e30], 'q"', []],
    '': { '': 'x', y: null },
    'a.b': { c: true },
    empty: {},
  });
  const row = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;
  const block = [{ ...row, message: 'Card declined', tags: '["eu"]', data: DATA }];
  const [tokens] = decodeTokenSets(encodeTokenSets(columnsOf(block))) ?? [];
  const data = (path: readonly string[], text: string): Filter => ({
    kind: 'data',
    path,
    test: { operator: 'equals', text },
  });

  it.each<[string, Filter, boolean]>([
    ['a text in other case', { kind: 'contains', text: 'CARD dec' }, true],
    ['an absent text', { kind: 'contains', text: 'zanzibar' }, false],
    ['a text too short for a trigram', { kind: 'contains', text: 'zz' }, true],
    ['a tag', { kind: 'text', field: 'tags', operator: 'equals', value: 'eu' }, true],
    ['an absent tag', { kind: 'text', field: 'tags', operator: 'equals', value: 'us' }, false],
    ['a value', data(['user', 'id'], '7'), true],
    ['a value in an array', data(['paths'], '/a'), true],
    ['a key and a value outside of ASCII', data(['user', 'é"\n'], 'ü'), true],
    ['a number that is not an integer', data(['paths'], '1e+30'), true],
    ['a value with an escape', data(['paths'], 'q"'), true],
    ['an empty key', data(['', ''], 'x'), true],
    ['null', data(['', 'y'], 'null'), true],
    ['a key with a dot', data(['a', 'b', 'c'], 'true'), true],
    ['an object without values', { kind: 'data', path: ['empty'], test: { operator: 'present' } }, true],
    ['an absent path', { kind: 'data', path: ['absent'], test: { operator: 'present' } }, false],
    ['an absent value', data(['user', 'id'], '8'), false],
    ['a value of another path', data(['user'], '7'), false],
    ['no alternative', { kind: 'or', filters: [] }, false],
  ])('tests %s', (_, filter, passes) => {
    expect(tokens && compileGroupTest(filter)(tokens)).toBe(passes);
  });
});

describe('encodeTokenSets', () => {
  const row = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;

  it.each<[string, string]>([
    ['split', 'ref-%'],
    ['too long to be split', `ref-% ${'x'.repeat(9_000)}`],
    ['outside of ASCII', 'Größe ref-%'],
  ])('adds every trigram of messages that are %s', (_, pattern) => {
    const messages = [1, 23, 4567].map((number) => pattern.replace('%', String(number)));
    const block = messages.map((message) => ({ ...row, message }));
    const [tokens] = decodeTokenSets(encodeTokenSets(columnsOf(block))) ?? [];
    for (const message of messages) expect(tokens?.hasTrigrams(fold(message))).toBe(true);
  });

  it('adds every trigram of messages that share templates', () => {
    const parts = fc.constantFrom('1', '77', 'x9', 'a', 'Bc', '-', ' ', '..', 'é', '12345678', 'deadbeef01');
    const patterns = fc.array(fc.array(parts, { maxLength: 9 }), { minLength: 1, maxLength: 3 });
    const numbers = fc.array(fc.nat(99_999), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(patterns, numbers, (some, seeds) => {
        const block = seeds.map((seed, index) => {
          const pattern = some[index % some.length] as readonly string[];
          return {
            ...row,
            message: pattern.join('').replace(/\d/g, (digit) => String((+digit + seed) % 9) + '1'),
          };
        });
        const [tokens] = decodeTokenSets(encodeTokenSets(columnsOf(block))) ?? [];
        for (const { message } of block) expect(tokens?.hasTrigrams(fold(message)), message).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('adds the tokens of data and tags that are not split', () => {
    const values = Array.from({ length: 70 }, (_, index) => `v${index}`);
    const block = [{ ...row, data: JSON.stringify({ a: { b: values } }), tags: JSON.stringify(values) }];
    const [tokens] = decodeTokenSets(encodeTokenSets(columnsOf(block))) ?? [];
    const test = compileGroupTest({
      kind: 'and',
      filters: [
        { kind: 'data', path: ['a', 'b'], test: { operator: 'equals', text: 'v69' } },
        { kind: 'text', field: 'tags', operator: 'equals', value: 'v69' },
      ],
    });
    expect(tokens && test(tokens)).toBe(true);
  });
});

describe('decodeTokenSets', () => {
  it('returns one set for each group', () => {
    const row = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;
    const block = Array.from({ length: GROUP_ROWS + 1 }, (_, index) => ({
      ...row,
      message: index === GROUP_ROWS ? 'last' : '',
    }));
    const sets = decodeTokenSets(encodeTokenSets(columnsOf(block))) ?? [];
    expect(sets.map((set) => set.hasTrigrams('last'))).toEqual([false, true]);
  });

  it('returns undefined for sets of another version', () => {
    const writer = new ByteWriter();
    writer.byte(99);
    expect(decodeTokenSets(finishWithChecksum(writer))).toBeUndefined();
  });

  it('rejects sets of which any bytes are changed or missing', () => {
    const bytes = encodeTokenSets(columnsOf(fc.sample(rows, { numRuns: 3, seed: 1 })));
    for (const at of [0, 1, 100, bytes.length - 1]) {
      expect(() => decodeTokenSets(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))).toThrow(
        DamagedBlockError,
      );
      expect(() => decodeTokenSets(bytes.subarray(0, at))).toThrow(DamagedBlockError);
    }
  });
});
