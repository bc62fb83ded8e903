import type { CountField, Filter } from '@vigilant/core';
import {
  countValues,
  createBucketCounter,
  createFieldCounter,
  createMatcher,
  toMicros,
} from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockCounter, BlockRow } from '../../src/index';
import {
  countGroups,
  createFacetCounter,
  createHistogramCounter,
  compileMatchingRows,
} from '../../src/index';
import { toEvent } from '../support/arbitraries';
import { encodeBlocks } from '../support/blocks';
import { countedBlocks } from '../support/counted-rows';
import { filters } from '../support/filters';

const MINUTE = 60_000_000;
const ALL: Filter = { kind: 'all' };

const fields = fc.constantFrom<CountField>(
  { name: 'level' },
  { name: 'severity' },
  { name: 'origin' },
  { name: 'source' },
  { name: 'group' },
  { name: 'tags' },
  { name: 'data', path: ['user'] },
);

/** Counts all blocks but the last, which consists of rows that are not sealed yet. Returns how many blocks were opened. */
function countAll(
  counter: BlockCounter,
  all: readonly (readonly BlockRow[])[],
  filter: Filter,
  damaged: readonly number[] = [],
): number {
  const { groups, open } = encodeBlocks(all.slice(0, -1), damaged);
  const opened = [...countGroups(counter, groups, { open, rowsOf: compileMatchingRows(filter) })];
  const matches = createMatcher(filter);
  for (const event of all.slice(-1).flat().map(toEvent)) if (matches(event)) counter.addEvent(event);
  return opened.length;
}

describe('createFacetCounter', () => {
  it('counts blocks and events as if they were events', () => {
    const cases = fc.record({
      all: countedBlocks,
      filter: filters,
      counted: fc.array(fields, { minLength: 1, maxLength: 4 }),
      limit: fc.integer({ min: 1, max: 4 }),
      isComplete: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ all, filter, counted, limit, isComplete }) => {
        const counter = createFacetCounter({ filter, fields: counted, limit });
        countAll(counter, all, filter);
        const events = all.flat().map(toEvent).filter(createMatcher(filter));
        const expected = counted.map((field) => {
          const values = createFieldCounter(field);
          for (const event of events) for (const value of countValues(event, field)) values.add(value, 1);
          return values.facet(limit, isComplete);
        });
        expect(counter.facets(isComplete)).toStrictEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});

describe('createHistogramCounter', () => {
  it('counts blocks and events as if they were events', () => {
    const micros = fc.oneof(
      fc.integer({ min: -1, max: 11 }).map((minutes) => minutes * MINUTE),
      fc.integer({ min: 0, max: 600 * 1_000_000 }),
    );
    const cases = fc.record({
      all: countedBlocks,
      filter: filters,
      by: fields,
      limit: fc.integer({ min: 1, max: 4 }),
      range: fc
        .tuple(micros, micros)
        .map(([a, b]) => ({ from: Math.min(a, b), until: a === b ? a + 1 : Math.max(a, b) })),
      bucketMicros: fc.constantFrom(1_000_000, MINUTE, 2 * MINUTE, 20 * MINUTE),
      isComplete: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ all, filter, by, limit, range, bucketMicros, isComplete }) => {
        const { from, until } = range;
        const counter = createHistogramCounter({ filter, by, limit, from, until, bucketMicros });
        countAll(counter, all, filter);
        const expected = createBucketCounter();
        for (const event of all.flat().map(toEvent).filter(createMatcher(filter))) {
          const time = toMicros(event.timestamp);
          if (time < from || time >= until) continue;
          const bucket = expected.bucket(from + Math.floor((time - from) / bucketMicros) * bucketMicros);
          for (const value of countValues(event, by)) bucket.add(value, 1);
        }
        expect(counter.histogram(isComplete)).toStrictEqual({
          buckets: expected.buckets(limit),
          exact: isComplete,
        });
      }),
      { numRuns: 400 },
    );
  });
});

describe('countGroups', () => {
  /** Four blocks of one minute each, the last of which is not sealed. */
  const all = [0, 1, 2, 3].map((minute) =>
    Array.from({ length: 60 }, (_, second): BlockRow => ({
      sequence: minute * 60 + second + 1,
      id: `${minute}-${second}`,
      timestamp: minute * MINUTE + second * 1_000_000,
      receivedAt: 0,
      level: second % 4,
      severity: 0,
      message: 'm',
      origin: 'host',
      source: `s${minute}`,
      type: 'log',
      group: second < 30 ? 'a' : 'b',
      tags: '[]',
      data: '{}',
    })),
  );
  const level = (operator: '=' | '>='): Filter => ({ kind: 'ordered', field: 'level', operator, value: 2 });
  const before = (value: number): Filter => ({ kind: 'ordered', field: 'timestamp', operator: '<', value });
  const source: Filter = { kind: 'text', field: 'source', operator: 'equals', value: 's1' };

  it.each<[string, Filter, CountField[], number]>([
    ['all events', ALL, [{ name: 'level' }, { name: 'source' }, { name: 'tags' }], 0],
    ['the events of some levels by level', level('>='), [{ name: 'level' }], 0],
    ['the events of some levels by another field', level('>='), [{ name: 'source' }], 3],
    ['the events before the end of a block', before(2 * MINUTE), [{ name: 'source' }], 0],
    ['the events before a time within a block', before(MINUTE + 1), [{ name: 'source' }], 1],
    ['the events with a value of one block', source, [{ name: 'level' }, { name: 'origin' }], 0],
    ['a path of data', ALL, [{ name: 'data', path: ['a'] }], 3],
  ])('counts the facets of %s by opening as few blocks as possible', (_, filter, counted, opened) => {
    expect(countAll(createFacetCounter({ filter, fields: counted, limit: 10 }), all, filter)).toBe(opened);
  });

  it('reads the columns of blocks whose summary cannot be read', () => {
    const counter = createFacetCounter({ filter: ALL, fields: [{ name: 'source' }], limit: 10 });
    expect(countAll(counter, all, ALL, [61])).toBe(1);
    expect(counter.facets(true)[0]?.values.map(({ count }) => count)).toEqual([60, 60, 60, 60]);
  });

  const range = { from: 0, until: 4 * MINUTE, bucketMicros: MINUTE, limit: 10 };
  it.each<[string, Filter, CountField, object, number]>([
    ['all events by level', ALL, { name: 'level' }, {}, 0],
    ['some levels by level', level('='), { name: 'level' }, {}, 0],
    ['all events by a field in buckets that contain the blocks', ALL, { name: 'source' }, {}, 0],
    ['buckets of half a minute', ALL, { name: 'level' }, { bucketMicros: MINUTE / 2 }, 3],
    ['buckets that start within a minute', ALL, { name: 'level' }, { from: 30_000_000 }, 3],
    ['a range that ends within a block', ALL, { name: 'level' }, { until: MINUTE + 1 }, 1],
    [
      'one level, and of the others the events with a value that some have',
      { kind: 'or', filters: [level('='), { kind: 'text', field: 'group', operator: 'equals', value: 'a' }] },
      { name: 'level' },
      {},
      3,
    ],
    ['no event', before(0), { name: 'source' }, {}, 0],
  ])('counts a histogram of %s by opening as few blocks as possible', (_, filter, by, change, opened) => {
    const counter = createHistogramCounter({ ...range, ...change, filter, by });
    expect(countAll(counter, all, filter)).toBe(opened);
  });
});
