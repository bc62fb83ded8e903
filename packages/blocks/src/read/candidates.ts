import type { Filter } from '@vigilant/core';
import { ALWAYS, compileGroupTest } from '../search/group-test';
import { GROUP_ROWS } from '../search/token-sets';
import type { Block } from './block';
import type { TestedRows } from './row-test';
import { compileFixedTest, compileFullTest } from './row-test';
import type { RowSet } from './row-set';
import { selectGroups } from './row-set';

/**
 * Compiles a filter to a search for the rows of a block that may match. Columns of few values are tested first, because
 * they are small. The token sets are read only if rows are left, and other columns only if these sets leave rows.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileCandidates(filter: Filter): (block: Block) => TestedRows {
  const testFixed = compileFixedTest(filter);
  const testAll = compileFullTest(filter);
  const testGroup = compileGroupTest(filter);
  const inGroups = (block: Block, rows: RowSet): RowSet => {
    const passing = testGroup === ALWAYS ? undefined : block.tokens()?.map(testGroup);
    if (passing === undefined) return rows;
    return selectGroups(rows, block.header.count, GROUP_ROWS, passing);
  };
  return (block) => {
    const tested = testFixed(block, 'all');
    if (tested.isExact || tested.rows === 'none') return tested;
    const rows = inGroups(block, tested.rows);
    return rows === 'none' ? { rows, isExact: true } : testAll(block, rows);
  };
}
