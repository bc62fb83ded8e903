import type { Filter } from '@vigilant/core';
import { GROUP_ROWS } from '../search/search-sets';
import { ALWAYS, compileSetTest, searchesText } from '../search/set-test';
import type { Block } from './block';
import type { TestedRows } from './row-test';
import { compileFixedTest, compileFullTest } from './row-test';
import type { RowSet } from './row-set';
import { selectGroups } from './row-set';

/**
 * Compiles a filter to a search for the rows of a block that may match. Columns of few values are tested first, because
 * they are small. The sets of the block are read only if rows are left, those of each group only if the block may have a
 * match, and other columns only if these sets leave rows.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileCandidates(filter: Filter): (block: Block) => TestedRows {
  const testFixed = compileFixedTest(filter);
  const testAll = compileFullTest(filter);
  const testSets = compileSetTest(filter);
  const isForText = searchesText(filter);
  const inSets = ({ sets, header }: Block, rows: RowSet): RowSet => {
    if (testSets === ALWAYS) return rows;
    if (!testSets(sets)) return 'none';
    const groups = isForText ? sets.groups() : undefined;
    return groups === undefined ? rows : selectGroups(rows, header.count, GROUP_ROWS, groups.map(testSets));
  };
  return (block) => {
    const tested = testFixed(block, 'all');
    if (tested.isExact || tested.rows === 'none') return tested;
    const rows = inSets(block, tested.rows);
    return rows === 'none' ? { rows, isExact: true } : testAll(block, rows);
  };
}
