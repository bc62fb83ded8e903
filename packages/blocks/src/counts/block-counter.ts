import type { CountField, Event } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import type { Block } from '../read/block';
import type { RowSet } from '../read/row-set';
import type { BlockHeader, BlockSummary } from '../summary/block-summary';
import type { SummaryGroup } from '../summary/summary-groups';
import type { KnownFacts } from './class-test';
import { hasMinute } from './minute-rows';

/** The minutes of events. */
export type Minutes = 'all' | 'none' | ReadonlySet<number>;

/** What is known about the rows of a block that are counted. */
export interface RowsToCount {
  /** The summary of the block, if it can be read. */
  readonly summary?: BlockSummary | undefined;
  /** The minutes of the rows to count. Those of other minutes were counted before. @defaultValue `all` */
  readonly minutes?: Minutes;
}

/** Counts the events that match a query. */
export interface BlockCounter {
  /**
   * Counts the events of one or several blocks from their summary. Returns the minutes that the summary does not decide, whose
   * events are not counted yet.
   */
  addSummary(summary: KnownFacts): Minutes;
  /** Counts rows of a block. @param rows - Those that match the filter of the query. */
  addRows(block: Block, rows: RowSet, known: RowsToCount): void;
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
    if (counter.addSummary(group.header) === 'none') continue;
    const minutes = addKnown(counter, group.summary());
    if (minutes === 'all') yield* countBlocks(counter, group, blocks);
    else if (minutes !== 'none') yield* countMinutes(counter, group, blocks, minutes);
  }
}

function addKnown(counter: BlockCounter, summary: BlockSummary | undefined): Minutes {
  return summary === undefined ? 'all' : counter.addSummary(summary);
}

/** Counts all events of a group. */
function* countBlocks(
  counter: BlockCounter,
  group: SummaryGroup,
  blocks: BlockAccess,
): Generator<BlockHeader, void> {
  for (const header of group.headers.toReversed()) {
    if (counter.addSummary(header) === 'none') continue;
    const summary = group.summaryOf(header);
    const minutes = addKnown(counter, summary);
    if (minutes === 'none') continue;
    const block = blocks.open(header);
    counter.addRows(block, blocks.rowsOf(block), { summary, minutes });
    yield header;
  }
}

/** Counts the events of a group in some minutes. Reads no summaries, because those of its blocks contain no more about a minute. */
function* countMinutes(
  counter: BlockCounter,
  group: SummaryGroup,
  blocks: BlockAccess,
  minutes: ReadonlySet<number>,
): Generator<BlockHeader, void> {
  for (const header of group.headers.toReversed()) {
    if (!hasMinute(header, minutes)) continue;
    const block = blocks.open(header);
    counter.addRows(block, blocks.rowsOf(block), { minutes });
    yield header;
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
