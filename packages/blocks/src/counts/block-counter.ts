import type { CountField, Event } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import type { Block } from '../read/block';
import type { RowSet } from '../read/row-set';
import type { BlockHeader, BlockSummary } from '../summary/block-summary';
import type { SummaryGroup } from '../summary/summary-groups';
import type { KnownFacts } from './class-test';

/** Counts the events that match a query. */
export interface BlockCounter {
  /**
   * Counts the events of one or several blocks from what is known about them. Returns `false` and counts nothing if that
   * is not enough.
   */
  addSummary(summary: KnownFacts): boolean;
  /**
   * Counts rows of a block.
   *
   * @param rows - Those that match the filter of the query.
   * @param summary - The summary of the block, if it can be read.
   */
  addRows(block: Block, rows: RowSet, summary: BlockSummary | undefined): void;
  /** Counts an event that matches the filter of the query. */
  addEvent(event: Event): void;
}

/** How blocks are read. */
export interface BlockAccess {
  open(header: BlockHeader): Block;
  /** Returns the rows that match the filter of the query. */
  rowsOf(block: Block): RowSet;
}

/**
 * Counts the events of all blocks, the newest blocks first. It opens a block only if no summary answers for it, and yields
 * its header afterwards, so that the caller can stop or do other work.
 */
export function* countGroups(
  counter: BlockCounter,
  groups: readonly SummaryGroup[],
  blocks: BlockAccess,
): Generator<BlockHeader, void> {
  for (const group of groups.toReversed()) {
    if (counter.addSummary(group.header)) continue;
    const merged = group.summary();
    if (merged !== undefined && counter.addSummary(merged)) continue;
    for (const header of group.headers.toReversed()) {
      if (counter.addSummary(header)) continue;
      const summary = group.summaryOf(header);
      if (summary !== undefined && counter.addSummary(summary)) continue;
      const block = blocks.open(header);
      counter.addRows(block, blocks.rowsOf(block), summary);
      yield header;
    }
  }
}

/**
 * Returns the count of each value of a field, or `undefined` if a summary does not have them.
 *
 * @param levels - The number of events to count of each level.
 * @param isWhole - Whether these are all events of the summary.
 */
export function countsOf(
  field: CountField,
  { values }: Partial<BlockSummary>,
  levels: readonly number[],
  isWhole: boolean,
): Iterable<readonly [value: string, count: number]> | undefined {
  if (field.name === 'level')
    return LEVELS.flatMap((level, rank) => {
      const count = levels[rank] ?? 0;
      return count > 0 ? [[level, count] as const] : [];
    });
  return isWhole && field.name !== 'data' ? values?.[field.name] : undefined;
}
