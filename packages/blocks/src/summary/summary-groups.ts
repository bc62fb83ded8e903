import { MAX_ROWS } from '../limits';
import type { BlockHeader, BlockSummary } from './block-summary';
import { mergeHeaders, mergeSummaries } from './merge-summaries';

/** Number of consecutive sequences whose blocks form a group: those of 64 full blocks. */
export const GROUP_SEQUENCES = 64 * MAX_ROWS;

/** Returns the summary of a block, or `undefined` if it cannot be read. */
export type SummaryReader = (header: BlockHeader) => BlockSummary | undefined;

/** The merged summary of the first blocks of a group. */
interface MergedPrefix {
  readonly length: number;
  readonly summary: BlockSummary;
}

/** Consecutive blocks. Their merged summary often answers a query that would read the summary of each. */
export class SummaryGroup {
  readonly headers: readonly BlockHeader[];
  /** Describes the events of all blocks. */
  readonly header: BlockHeader;
  readonly #read: SummaryReader;
  #merged: MergedPrefix | undefined;
  #isDamaged = false;

  constructor(headers: readonly BlockHeader[], read: SummaryReader, merged?: MergedPrefix) {
    this.headers = headers;
    this.header = mergeHeaders(headers);
    this.#read = read;
    this.#merged = merged;
  }

  /** The summary of the blocks that have been merged. */
  get merged(): MergedPrefix | undefined {
    return this.#merged;
  }

  /** Returns the summary of all blocks, which is kept, or `undefined` if that of a block cannot be read. */
  summary(): BlockSummary | undefined {
    const merged = this.#merged;
    if (merged?.length !== this.headers.length && !this.#isDamaged) {
      const added = this.headers.slice(merged?.length ?? 0).map((header) => this.#read(header));
      const summaries = merged === undefined ? added : [merged.summary, ...added];
      if (summaries.every((summary) => summary !== undefined))
        this.#merged = { length: this.headers.length, summary: mergeSummaries(summaries) };
      else this.#isDamaged = true;
    }
    return this.#isDamaged ? undefined : this.#merged?.summary;
  }

  /** Returns the summary of one block, which is not kept, or `undefined` if it cannot be read. */
  summaryOf(header: BlockHeader): BlockSummary | undefined {
    return this.#read(header);
  }
}

/**
 * Groups blocks by their first sequences. The summaries of a previous group are kept if none of its blocks has changed.
 *
 * @param headers - In the order of their sequences.
 */
export function groupBlocks(
  headers: readonly BlockHeader[],
  read: SummaryReader,
  previous: readonly SummaryGroup[] = [],
): SummaryGroup[] {
  const known = new Map(previous.map((group) => [numberOf(group.header), group]));
  const groups: SummaryGroup[] = [];
  for (let start = 0; start < headers.length;) {
    const number = numberOf(headers[start] as BlockHeader);
    let end = start + 1;
    while (end < headers.length && numberOf(headers[end] as BlockHeader) === number) end += 1;
    groups.push(regroup(headers.slice(start, end), read, known.get(number)));
    start = end;
  }
  return groups;
}

function regroup(
  headers: readonly BlockHeader[],
  read: SummaryReader,
  previous: SummaryGroup | undefined,
): SummaryGroup {
  const isPrefix = previous?.headers.every((header, index) => isSame(header, headers[index])) ?? false;
  if (!isPrefix || previous === undefined) return new SummaryGroup(headers, read);
  return previous.headers.length === headers.length
    ? previous
    : new SummaryGroup(headers, read, previous.merged);
}

/** Returns whether two headers describe the same events. A block that is encoded again has fewer events. */
function isSame(before: BlockHeader, after: BlockHeader | undefined): boolean {
  return before.firstSequence === after?.firstSequence && before.count === after.count;
}

function numberOf({ firstSequence }: BlockHeader): number {
  return Math.floor(firstSequence / GROUP_SEQUENCES);
}
