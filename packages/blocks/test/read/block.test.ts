import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../../src/index';
import { COLUMN_NAMES, columnsOf, encodeParts } from '../../src/index';
import { rows as blockRow } from '../support/arbitraries';
import { createBlock, rowsOf } from '../support/test-block';
import { createRows } from '../support/rows';

const ROWS = createRows(20, { tags: '["a"]', data: '{"a":1}' });

describe('Block', () => {
  it('returns its rows', () => {
    const { block, damaged } = createBlock(ROWS);
    expect(rowsOf(block)).toEqual(ROWS);
    expect(damaged).toEqual([]);
  });

  it('returns its events as the columns from which it was encoded', () => {
    fc.assert(
      fc.property(fc.array(blockRow, { minLength: 1, maxLength: 40 }), (all) => {
        const rows = all.map((row, index) => ({ ...row, sequence: index + 1 }));
        const { block, damaged } = createBlock(rows);
        expect([...encodeParts(block.columns())]).toEqual([...encodeParts(columnsOf(rows))]);
        expect(damaged).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(COLUMN_NAMES)('returns all other columns of its events when the column %s is damaged', (name) => {
    const { block, damaged } = createBlock(ROWS, (part, bytes) =>
      part === name ? bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte)) : bytes,
    );
    const { fields } = block.columns();
    const expected = columnsOf(ROWS).fields;
    for (const other of COLUMN_NAMES) if (other !== name) expect(fields[other]).toEqual(expected[other]);
    expect(damaged).toEqual([`${name}: its checksum is wrong`]);
    expect(block.isDamaged).toBe(true);
  });

  it('keeps no text of the columns that it returns', () => {
    const { block } = createBlock(createRows(600));
    block.columns();
    const { memory } = block;
    rowsOf(block);
    expect(block.memory).toBeGreaterThan(memory + 600 * 32);
  });

  it('orders rows by time, and equal times by sequence', () => {
    const times = [5, 3, 5, 1, 3];
    const rows = createRows(5).map((row, index) => ({ ...row, timestamp: times[index] as number }));
    expect([...createBlock(rows).block.byTime()]).toEqual([3, 1, 4, 0, 2]);
  });

  it.each(COLUMN_NAMES)('returns all other columns when the column %s is damaged', (name) => {
    const { block, damaged } = createBlock(ROWS, (part, bytes) =>
      part === name ? bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte)) : bytes,
    );
    const others = (row: object): object => ({ ...row, [name]: undefined });
    expect(rowsOf(block).map(others)).toEqual(ROWS.map(others));
    expect(damaged).toEqual([`${name}: its checksum is wrong`]);
    expect(block.isDamaged).toBe(true);
  });

  it('finds its rows by their ids', () => {
    const ids = ['018f2b3c-0000-7000-8000-0000000000aa', '018f2b3c-0001-7000-8000-0000000000aa'];
    for (const all of [ids, ['a', 'b'], [...ids, 'c']]) {
      const rows = createRows(all.length).map((row, index) => ({ ...row, id: all[index] as string }));
      const found = createBlock(rows).block.findIds(new Set([...all.slice(1), 'absent', '0000-aa']));
      expect([...found]).toEqual(all.slice(1).map((id, index) => [id, index + 1]));
    }
  });

  it('finds each of many ids of any kind, and no other', () => {
    const digits = (n: number): string => (n * 2_654_435_761).toString(16).padStart(16, '0').slice(-16);
    const kinds = [String, digits, (n: number) => `${n}-é`, (n: number) => 'x'.repeat(n)];
    for (const idOf of kinds) {
      const rows = createRows(600).map((row, index) => ({ ...row, id: idOf(index) }));
      const { block } = createBlock(rows);
      const found = block.findIds(new Set(rows.map((_, index) => idOf(index * 2))));
      const even = rows.map((_, index) => index).filter((index) => index % 2 === 0);
      expect([...found]).toEqual(even.map((index) => [idOf(index), index]));
    }
  });

  it('compares the content of a row with that of an event, without its times', () => {
    const row = ROWS[3] as BlockRow;
    const { block } = createBlock(ROWS);
    const hasContent = (event: BlockRow): boolean => block.hasContent(3, columnsOf([row, event]), 1);
    expect(hasContent({ ...row, sequence: 0, timestamp: 0, receivedAt: 0 })).toBe(true);
    const others = { level: 2, severity: 1, message: 'other', tags: '["b"]', data: '{"a":2}' };
    for (const [name, value] of Object.entries({
      ...others,
      origin: 'o',
      source: 's',
      type: 't',
      group: 'g',
    }))
      expect([name, hasContent({ ...row, [name]: value })]).toEqual([name, false]);
  });

  it('keeps no text of a row that it compares', () => {
    const rows = createRows(600).map((row) => ({ ...row, data: JSON.stringify({ a: `${row.sequence}` }) }));
    const columns = columnsOf(rows);
    const { block } = createBlock(rows);
    block.hasContent(0, columns, 0);
    const { memory } = block;
    for (let row = 0; row < 600; row++) expect(block.hasContent(row, columns, row)).toBe(true);
    // Each text would take 32 bytes besides its characters.
    expect(block.memory - memory).toBeLessThan(600 * 32);
  });

  it('reports how its memory grows, and forgets its columns but not its sets', () => {
    const rows = createRows(600).map((row) => ({ ...row, message: `${row.message} ${'x'.repeat(200)}` }));
    const { block, grown } = createBlock(rows);
    const empty = block.memory;
    expect(block.sets.trigrams).toBeDefined();
    const withTrigrams = block.memory;
    expect([block.sets.tokens, block.sets.groups()]).not.toContain(undefined);
    const withSets = block.memory;
    rowsOf(block);
    expect(block.memory).toBeGreaterThan(withSets + 600 * 200);
    expect(empty + grown.reduce((sum, bytes) => sum + bytes, 0)).toBeCloseTo(block.memory);
    block.forgetColumns();
    expect(block.memory).toBeCloseTo(withSets);
    block.forgetSets();
    expect(block.memory).toBeCloseTo(withTrigrams);
    expect(rowsOf(block)).toEqual(rows);
  });

  it('reports a part that is missing once', () => {
    const { block, damaged } = createBlock(ROWS, (part, bytes) => (part === 'message' ? undefined : bytes));
    expect([block.value('message', 0), block.value('message', 1)]).toEqual(['(damaged)', '(damaged)']);
    expect(damaged).toEqual(['message: it is missing']);
  });
});
