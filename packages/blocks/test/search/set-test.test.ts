import type { Filter, JsonValue } from '@vigilant/core';
import { createMatcher, fold } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { ByteWriter } from '../../src/bytes/byte-writer';
import { finishWithChecksum } from '../../src/bytes/checksum';
import { DamagedBlockError, columnsOf, encodeParts } from '../../src/index';
import { compileSetTest } from '../../src/search/set-test';
import { GROUP_ROWS, SET_NAMES, decodeFilters } from '../../src/search/search-sets';
import { rows, toEvent } from '../support/arbitraries';
import { filterTrees } from '../support/filters';
import { createBlock } from '../support/test-block';

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
  return filterTrees(fc.oneof(contains, tag, data, fc.constant<Filter>({ kind: 'all' })));
}

/** Returns the messages of which a set lacks a trigram. */
function missingTrigrams(block: readonly BlockRow[]): readonly string[] {
  const { sets } = createBlock(block).block;
  const all = [sets, ...(sets.groups() ?? [])];
  return block
    .map(({ message }) => message)
    .filter((message) => all.some(({ trigrams }) => trigrams?.has(fold(message)) !== true));
}

describe('compileSetTest', () => {
  it('passes the sets of every block and group with an event that matches', () => {
    const cases = fc
      .array(rows, { minLength: 1, maxLength: 10 })
      .chain((block) => fc.record({ block: fc.constant(block), filter: filtersFor(block[0] as BlockRow) }));
    fc.assert(
      fc.property(cases, ({ block, filter }) => {
        const { sets } = createBlock(block).block;
        const matches = createMatcher(filter);
        if (!block.some((row) => matches(toEvent(row)))) return;
        for (const each of [sets, ...(sets.groups() ?? [])]) expect(compileSetTest(filter)(each)).toBe(true);
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
  const { sets } = createBlock(block).block;
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
    expect(compileSetTest(filter)(sets)).toBe(passes);
  });
});

describe('BlockSets', () => {
  const row = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;

  it.each<[string, string]>([
    ['split', 'ref-%'],
    ['too long to be split', `ref-% ${'x'.repeat(9_000)}`],
    ['outside of ASCII', 'Größe ref-%'],
  ])('have every trigram of messages that are %s', (_, pattern) => {
    const messages = [1, 23, 4567].map((number) => pattern.replace('%', String(number)));
    const block = messages.map((message) => ({ ...row, message }));
    expect(missingTrigrams(block)).toEqual([]);
  });

  it('have every trigram of messages that share templates', () => {
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
        expect(missingTrigrams(block)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('have the tokens of data and tags that are not split', () => {
    const values = Array.from({ length: 70 }, (_, index) => `v${index}`);
    const block = [{ ...row, data: JSON.stringify({ a: { b: values } }), tags: JSON.stringify(values) }];
    const { sets } = createBlock(block).block;
    const test = compileSetTest({
      kind: 'and',
      filters: [
        { kind: 'data', path: ['a', 'b'], test: { operator: 'equals', text: 'v69' } },
        { kind: 'text', field: 'tags', operator: 'equals', value: 'v69' },
      ],
    });
    expect(test(sets)).toBe(true);
  });

  it('have the trigrams of each group of rows', () => {
    const block = Array.from({ length: GROUP_ROWS + 1 }, (_, index) => ({
      ...row,
      sequence: index + 1,
      message: index === GROUP_ROWS ? 'last' : '',
    }));
    const { sets } = createBlock(block).block;
    expect(sets.trigrams?.has('last')).toBe(true);
    expect(sets.groups()?.map(({ trigrams }) => trigrams?.has('last'))).toEqual([false, true]);
  });

  it.each(SET_NAMES)('are not known when the part %s is damaged', (name) => {
    const { block, damaged } = createBlock([row], (part, bytes) =>
      part === name ? bytes.map((byte, index) => (index === 2 ? byte ^ 1 : byte)) : bytes,
    );
    const { trigrams, tokens } = block.sets;
    const known = { trigrams, tokens, groupTrigrams: block.sets.groups() };
    expect(SET_NAMES.filter((each) => known[each] === undefined)).toEqual([name]);
    expect(damaged).toEqual([`${name}: its checksum is wrong`]);
  });

  it('pass every test when they are not known', () => {
    const test = compileSetTest({
      kind: 'and',
      filters: [
        { kind: 'contains', text: 'zanzibar' },
        { kind: 'text', field: 'tags', operator: 'equals', value: 'absent' },
        { kind: 'data', path: ['absent'], test: { operator: 'present' } },
        { kind: 'data', path: ['absent'], test: { operator: 'equals', text: '1', literal: 1 } },
      ],
    });
    expect(test({ trigrams: undefined, tokens: undefined })).toBe(true);
  });
});

describe('decodeFilters', () => {
  const filtersPart = (): Uint8Array => {
    const parts = [...encodeParts(columnsOf(fc.sample(rows, { numRuns: 3, seed: 1 })))];
    return parts.find(({ name }) => name === 'tokens')?.bytes as Uint8Array;
  };

  it('returns undefined for filters of another version', () => {
    const writer = new ByteWriter();
    writer.byte(99);
    expect(decodeFilters(finishWithChecksum(writer), 1)).toBeUndefined();
  });

  it('rejects filters of which any bytes are changed or missing', () => {
    const bytes = filtersPart();
    for (const at of [0, 1, 5, bytes.length - 1]) {
      const changed = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => decodeFilters(changed, 1)).toThrow(DamagedBlockError);
      expect(() => decodeFilters(bytes.subarray(0, at), 1)).toThrow(DamagedBlockError);
    }
  });

  it('rejects another number of filters', () => {
    for (const count of [0, 2]) expect(() => decodeFilters(filtersPart(), count)).toThrow(DamagedBlockError);
  });
});
