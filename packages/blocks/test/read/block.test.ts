import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../src/index';
import { createBlock } from '../support/test-block';
import { createRows } from '../support/rows';

const ROWS = createRows(20, { tags: '["a"]', data: '{"a":1}' });

describe('Block', () => {
  it('returns its rows', () => {
    const { block, damaged } = createBlock(ROWS);
    expect([...block.rows()]).toEqual(ROWS);
    expect(damaged).toEqual([]);
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
    expect([...block.rows()].map(others)).toEqual(ROWS.map(others));
    expect(damaged).toEqual([`${name}: its checksum is wrong`]);
    expect(block.isDamaged).toBe(true);
  });

  it('reports a part that is missing once', () => {
    const { block, damaged } = createBlock(ROWS, (part, bytes) => (part === 'message' ? undefined : bytes));
    expect([block.value('message', 0), block.value('message', 1)]).toEqual(['(damaged)', '(damaged)']);
    expect(damaged).toEqual(['message: it is missing']);
  });
});
