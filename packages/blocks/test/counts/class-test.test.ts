import type { Filter } from '@vigilant/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { columnsOf, summarize } from '../../src/index';
import { compileClassTest } from '../../src/counts/class-test';
import { rows } from '../support/arbitraries';

const BASE = fc.sample(rows, { numRuns: 1, seed: 1 })[0] as BlockRow;
const tagPrefix: Filter = { kind: 'text', field: 'tags', operator: 'prefix', value: 'a' };
const sourcePrefix: Filter = { kind: 'text', field: 'source', operator: 'prefix', value: 'a' };
const noText: Filter = { kind: 'contains', text: 'x' };
const none: Filter = { kind: 'or', filters: [] };

describe('compileClassTest', () => {
  const block: BlockRow[] = [
    { ...BASE, sequence: 1, tags: '["a","ab"]', source: 'a', level: 1, timestamp: 10 },
    { ...BASE, sequence: 2, tags: '[]', source: 'ab', level: 1, timestamp: 20 },
  ];
  const summary = summarize(columnsOf(block));
  const verdictOf = (filter: Filter) =>
    compileClassTest(filter)({ level: 1, timestamp: summary.timestamp, summary });

  it.each<[string, Filter, boolean | undefined]>([
    ['two tags of one event', tagPrefix, undefined],
    ['a prefix of all values', sourcePrefix, true],
    ['a value that none has', { ...sourcePrefix, value: 'b' }, false],
    ['a value that some have', { ...sourcePrefix, operator: 'equals' }, undefined],
    ['a time between others', { kind: 'ordered', field: 'timestamp', operator: '=', value: 15 }, undefined],
    ['a time after all', { kind: 'ordered', field: 'timestamp', operator: '=', value: 21 }, false],
    ['a text', noText, undefined],
    ['a text or everything', { kind: 'or', filters: [noText, { kind: 'all' }] }, true],
    ['a text and nothing', { kind: 'and', filters: [noText, none] }, false],
    ['not a text', { kind: 'not', filter: noText }, undefined],
    ['not nothing', { kind: 'not', filter: none }, true],
  ])('decides %s', (_, filter, verdict) => {
    expect(verdictOf(filter)).toBe(verdict);
  });

  it('does not decide a value without a summary', () => {
    const { minutes: _minutes, values: _values, ...header } = summary;
    const { timestamp } = header;
    expect(compileClassTest(sourcePrefix)({ level: 1, timestamp, summary: header })).toBeUndefined();
  });
});
