import type { BlockRow } from '../../src/index';

const BASE_MICROS = 1_700_000_000_000_000;

/** Creates different rows in the order of their sequences. */
export function createRows(count: number, fields: Partial<BlockRow> = {}): BlockRow[] {
  return Array.from({ length: count }, (_, index) => ({
    sequence: index + 1,
    id: `id-${index + 1}`,
    timestamp: BASE_MICROS + index,
    receivedAt: BASE_MICROS + index,
    level: 1,
    severity: 0,
    message: `message ${index + 1}`,
    origin: 'host',
    source: 'test',
    type: 'log',
    group: 'default',
    tags: '[]',
    data: '{}',
    ...fields,
  }));
}
