import type { Filter } from '@vigilant/core';
import { createMatcher } from '@vigilant/core/adapter';
import type { Block } from './block';
import { compileCandidates } from './candidates';
import type { RowSet } from './row-set';
import { selectRows } from './row-set';

/**
 * Compiles a filter to a function that returns the rows of a block that match it.
 *
 * @param filter - Without relative times and parts of later versions.
 */
export function compileMatchingRows(filter: Filter): (block: Block) => RowSet {
  const candidates = compileCandidates(filter);
  const matches = createMatcher(filter);
  return (block) => {
    const { rows, isExact } = candidates(block);
    if (isExact || rows === 'none') return rows;
    return selectRows(rows, block.header.count, (row) => matches(block.event(row)));
  };
}
