import type { BlockLimits } from './block-limits';
import type { Row } from '../rows/row';

/** Divides rows into blocks of about the same number of rows, or of fewer rows if these are large. */
export function cutIntoBlocks(
  rows: readonly Row[],
  { blockEvents, blockBytes }: BlockLimits,
): readonly (readonly Row[])[] {
  const events = Math.ceil(rows.length / Math.ceil(rows.length / blockEvents));
  const blocks: Row[][] = [];
  let block: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (block.length === events || (block.length > 0 && bytes + row.bytes > blockBytes)) {
      blocks.push(block);
      block = [];
      bytes = 0;
    }
    block.push(row);
    bytes += row.bytes;
  }
  return block.length === 0 ? blocks : [...blocks, block];
}
