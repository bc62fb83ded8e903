import type { Filter } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { BlockRow } from '../src/index';
import { COLUMN_NAMES, decodeColumn } from '../src/index';
import { BlockSets } from '../src/read/block-sets';
import { GROUP_ROWS } from '../src/search/search-sets';
import { compileSetTest } from '../src/search/set-test';
import { goldenNames, goldenVersions, readGolden, writeGolden } from './golden/files';
import { GOLDEN_BLOCKS } from './golden/rows';

const created = process.env['VIGILANT_WRITE_GOLDEN'];
if (created !== undefined) writeGolden(created, GOLDEN_BLOCKS);

/** Filters that match an event. */
function filtersOf({ message, tags, data }: BlockRow): readonly Filter[] {
  const contains: Filter = { kind: 'contains', text: message };
  const tagged = (JSON.parse(tags) as readonly string[]).map((value): Filter => ({
    kind: 'text',
    field: 'tags',
    operator: 'equals',
    value,
  }));
  const present = Object.entries(JSON.parse(data) as object)
    .filter(([, value]) => typeof value !== 'object')
    .map(([key, value]): Filter => ({
      kind: 'data',
      path: [key],
      test: { operator: 'equals', text: String(value) },
    }));
  return [contains, ...tagged, ...present];
}

describe.each(goldenVersions())('blocks of version %s', (version) => {
  it.each(goldenNames(version))('decode to their rows: %s', (name) => {
    const { rows, parts } = readGolden(version, name);
    for (const column of COLUMN_NAMES) {
      const decoded = decodeColumn(column, parts.get(column) as Uint8Array);
      const values = Array.from({ length: decoded.length }, (_, row) => decoded.get(row));
      expect(values, column).toEqual(rows.map((row) => row[column]));
    }
  });

  it.each(goldenNames(version))('have sets that miss no row, or are of another version: %s', (name) => {
    const { rows, parts } = readGolden(version, name);
    const sets = new BlockSets(rows.length, (part, decode) => ({
      value: decode(parts.get(part) as Uint8Array),
      memory: 0,
    }));
    const groups = sets.groups();
    rows.forEach((row, index) => {
      for (const each of [sets, groups?.[Math.floor(index / GROUP_ROWS)]])
        for (const filter of filtersOf(row))
          expect(each === undefined || compileSetTest(filter)(each), JSON.stringify(filter)).toBe(true);
    });
  });
});
