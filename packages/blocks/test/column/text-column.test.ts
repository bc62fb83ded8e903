import { describe, expect, it } from 'vitest';
import type { TextColumn } from '../../src/column/text-column';
import { columnsOf, decodeColumn, encodeColumn } from '../../src/index';
import { createRows } from '../support/rows';

/** Decodes a column of 300 long messages, and counts what it keeps in memory. */
function decode(message: string): { readonly column: TextColumn; readonly kept: { bytes: number } } {
  const rows = createRows(300).map((row) => ({ ...row, message: `${message} ${row.sequence}` }));
  const kept = { bytes: 0 };
  const column = decodeColumn(
    'message',
    encodeColumn('message', columnsOf(rows)),
    (bytes) => (kept.bytes += bytes),
  );
  return { column, kept };
}

describe('TextColumn', () => {
  it('reports the size of each chunk that it keeps', () => {
    const { column, kept } = decode('x'.repeat(1_000));
    const atFirst = kept.bytes;
    for (let row = 0; row < 256; row++) column.get(row);
    expect(kept.bytes - atFirst).toBeGreaterThan(256_000);
    expect(kept.bytes - atFirst).toBeLessThan(280_000);
    for (let row = 0; row < 300; row++) column.get(row);
    expect(kept.bytes - atFirst).toBeGreaterThan(300_000);
  });

  it('keeps only the texts that are read if they are few, however often', () => {
    const { column, kept } = decode('x'.repeat(1_000));
    column.peek(0);
    const atFirst = kept.bytes;
    for (let time = 0; time < 50; time++)
      for (const row of [7, 200, 299]) expect(column.get(row)).toMatch(/^x{1000} \d+$/);
    expect(kept.bytes - atFirst).toBeGreaterThan(3_000);
    expect(kept.bytes - atFirst).toBeLessThan(4_000);
  });

  it('keeps no text that was only peeked at', () => {
    const { column, kept } = decode('x'.repeat(1_000));
    column.peek(0);
    const atFirst = kept.bytes;
    for (let row = 0; row < 300; row++) expect(column.peek(row)).toMatch(/^x{1000} \d+$/);
    expect(kept.bytes).toBe(atFirst);
  });

  it('reports texts that it inflates', () => {
    const rows = createRows(300).map((row) => ({
      ...row,
      id: `${'x'.repeat(100)}-${row.sequence}-${row.sequence ** 3}`,
    }));
    let bytes = 0;
    const column = decodeColumn('id', encodeColumn('id', columnsOf(rows)), (added) => (bytes += added));
    expect(bytes).toBeLessThan(10_000);
    column.peek(0);
    expect(bytes).toBeGreaterThan(25_600);
  });
});
