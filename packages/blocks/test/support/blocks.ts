import type { BlockHeader, BlockRow, BlockSummary } from '../../src/index';
import { Block, columnsOf, encodeParts, groupBlocks, summarize } from '../../src/index';
import type { SummaryGroup } from '../../src/index';

/** Encoded blocks in memory. */
export interface TestBlocks {
  readonly headers: readonly BlockHeader[];
  readonly groups: readonly SummaryGroup[];
  open(header: BlockHeader): Block;
}

/** Returns the header of a summary. */
export function headerOf({ minutes: _minutes, values: _values, ...header }: BlockSummary): BlockHeader {
  return header;
}

/** Encodes blocks. @param damaged - First sequences of blocks whose summaries cannot be read. */
export function encodeBlocks(
  blocks: readonly (readonly BlockRow[])[],
  damaged: readonly number[] = [],
): TestBlocks {
  const all = new Map(
    blocks.map((rows) => {
      const columns = columnsOf(rows);
      const summary = summarize(columns);
      const parts = new Map([...encodeParts(columns)].map(({ name, bytes }) => [name, bytes]));
      return [summary.firstSequence, { summary, parts }];
    }),
  );
  const headers = [...all.values()].map(({ summary }) => headerOf(summary));
  return {
    headers,
    groups: groupBlocks(headers, ({ firstSequence }) =>
      damaged.includes(firstSequence) ? undefined : all.get(firstSequence)?.summary,
    ),
    open: (header) =>
      new Block(header, {
        read: (name) => all.get(header.firstSequence)?.parts.get(name),
        onDamage: (name, reason) => {
          throw new Error(`${name}: ${reason}`);
        },
        onGrow: () => {},
      }),
  };
}
