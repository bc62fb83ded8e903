import type { CountField, Filter } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { createMatcher } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, BlockRow, PartName } from '../../src/index';
import {
  BlockWalk,
  columnsOf,
  compileCandidates,
  compileMatchingRows,
  createFacetCounter,
  createHistogramCounter,
  encodeParts,
} from '../../src/index';
import { GOLDEN_BLOCKS } from '../golden/rows';
import { changeContent, contentChanges } from '../support/content-changes';
import { createBlock, rowsOf } from '../support/test-block';

const BLOCKS = new Map(
  Object.entries(GOLDEN_BLOCKS)
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => [name, rows.slice(0, 300).sort((a, b) => a.sequence - b.sequence)]),
);
const NAMES = Array.from(encodeParts(columnsOf([])), ({ name }) => name);
/** Memory that a block of these rows may take when it is damaged, in bytes. */
const MAX_MEMORY = 32 * 1024 * 1024;
const MINUTE = 60_000_000;

const FIELDS: readonly CountField[] = [
  ...(['level', 'severity', 'origin', 'source', 'type', 'group', 'tags'] as const).map((name) => ({ name })),
  { name: 'data', path: ['status'] },
  { name: 'data', path: ['user', 'id'] },
];

const FILTERS: readonly Filter[] = [
  { kind: 'ordered', field: 'level', operator: '>=', value: 2 },
  { kind: 'ordered', field: 'severity', operator: '>', value: 100 },
  { kind: 'text', field: 'source', operator: 'equals', value: 'shop' },
  { kind: 'text', field: 'group', operator: 'prefix', value: 'gr' },
  { kind: 'text', field: 'tags', operator: 'equals', value: 'eu' },
  { kind: 'contains', text: 'closed' },
  { kind: 'contains', text: '7' },
  { kind: 'data', path: ['status'], test: { operator: 'equals', text: '404', literal: 404 } },
  { kind: 'data', path: ['user', 'name'], test: { operator: 'prefix', text: 'ü1' } },
  { kind: 'data', path: ['list'], test: { operator: 'present' } },
];

/** Reads a block in every way. */
function readEverything(block: Block): void {
  for (const filter of FILTERS) {
    const matches = createMatcher(filter);
    compileMatchingRows(filter)(block);
    for (let row = 0; row < block.header.count; row += 40) matches(block.event(row));
    walk(block, filter);
  }
  const { min, max } = block.header.timestamp;
  for (const by of FIELDS) {
    createFacetCounter({ filter: { kind: 'all' }, fields: [by], limit: 10 }).addRows(block, 'all', {});
    createHistogramCounter({
      filter: { kind: 'all' },
      by,
      limit: 10,
      from: min,
      until: max,
      bucketMicros: Math.max(MINUTE, Math.ceil((max - min) / 60)),
    }).addRows(block, 'all', { minutes: new Set([Math.floor(min / MINUTE), Math.floor(max / MINUTE)]) });
  }
  block.columns();
  block.findIds(new Set([block.value('id', 0), '018f2b3c-0000-7000-8000-0000000000aa', 'x']));
  for (const { level, timestamp } of rowsOf(block)) {
    expect(LEVELS[level]).toBeDefined();
    expect(timestamp).toBeGreaterThanOrEqual(min);
  }
}

function walk(block: Block, filter: Filter): void {
  const blocks = new BlockWalk({
    order: 'newest',
    range: {},
    headers: [block.header],
    open: () => block,
    candidates: compileCandidates(filter),
    after: undefined,
    asOf: Infinity,
  });
  for (let left = 10; left > 0 && blocks.advance(1); left--) {
    blocks.current?.event().toRow();
    blocks.skip();
  }
}

describe('a block with a part that has a right checksum but a wrong structure', () => {
  it.each(NAMES)('is read without an error, at most without this part: %s', (name: PartName) => {
    fc.assert(
      fc.property(fc.constantFrom(...BLOCKS.keys()), contentChanges, (key, all) => {
        const rows = BLOCKS.get(key) as readonly BlockRow[];
        const { block, damaged, grown } = createBlock(rows, (part, bytes) =>
          part === name ? changeContent(bytes, all) : bytes,
        );
        readEverything(block);
        expect(damaged.every((message) => message.startsWith(`${name}: `))).toBe(true);
        expect(grown.reduce((sum, bytes) => sum + Math.max(0, bytes), 0)).toBeLessThan(MAX_MEMORY);
      }),
      { numRuns: 40 },
    );
  });
});
