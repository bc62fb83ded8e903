import type { Filter } from '@vigilant/core';
import { ALWAYS, compileGroupTest } from '../search/group-test';
import { GROUP_ROWS } from '../search/token-sets';
import type { RowTest } from './row-test';
import { compileRowTest } from './row-test';
import { intersect, rowsWhere } from './row-set';

/**
 * Compiles a filter to a search for the rows of a block that may match. Columns of few values are tested first, because
 * they are small; the token sets are read only if rows are left.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileCandidates(filter: Filter): RowTest {
  const testRows = compileRowTest(filter);
  const testGroup = compileGroupTest(filter);
  return (block) => {
    const tested = testRows(block);
    if (testGroup === ALWAYS || tested.rows === 'none') return tested;
    const passing = block.tokens()?.map(testGroup);
    if (passing === undefined) return tested;
    const inGroups = rowsWhere(block.header.count, (row) => passing[Math.floor(row / GROUP_ROWS)] !== false);
    return { rows: intersect(tested.rows, inGroups), isExact: tested.isExact };
  };
}
