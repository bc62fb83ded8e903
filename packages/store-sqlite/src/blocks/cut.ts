import type { BlockRow } from '@vigilant/blocks';
import type { BlockLimits } from './block-limits';
import { bytesOf } from '../rows/row';

/** Divides rows into blocks of about the same number of rows, or of fewer rows if these are large. */
export function cutIntoBlocks(
  rows: readonly BlockRow[],
  { blockEvents, blockBytes }: BlockLimits,
): readonly (readonly BlockRow[])[] {
  const events = Math.ceil(rows.length / Math.ceil(rows.length / blockEvents));
  const blocks: BlockRow[][] = [];
  let block: BlockRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = bytesOf(row);
    if (block.length === events || (block.length > 0 && bytes + size > blockBytes)) {
      blocks.push(block);
      block = [];
      bytes = 0;
    }
    block.push(row);
    bytes += size;
  }
  return block.length === 0 ? blocks : [...blocks, block];
}
