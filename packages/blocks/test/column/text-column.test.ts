import { describe, expect, it } from 'vitest';
import type { TextColumn } from '../../src/index';
import { columnsOf, decodeColumn, encodeColumn } from '../../src/index';
import { createRows } from '../support/rows';

const decode = (message: string): TextColumn =>
  decodeColumn(
    'message',
    encodeColumn(
      'message',
      columnsOf(createRows(300).map((row) => ({ ...row, message: `${message} ${row.sequence}` }))),
    ),
  );

describe('TextColumn.decodedBytes', () => {
  it('grows by the size of each chunk that is decoded', () => {
    const column = decode('x'.repeat(1_000));
    expect(column.decodedBytes).toBe(0);
    for (let row = 0; row < 256; row++) column.get(row);
    expect(column.decodedBytes).toBeGreaterThan(256_000);
    expect(column.decodedBytes).toBeLessThan(260_000);
    for (let row = 0; row < 300; row++) column.get(row);
    expect(column.decodedBytes).toBeGreaterThan(300_000);
  });
});
