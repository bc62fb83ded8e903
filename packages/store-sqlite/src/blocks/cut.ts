import type { EventColumns } from '@vigilant/blocks';
import { sizesOf } from '../rows/row';
import type { BlockLimits } from './block-limits';

/** Divides events into blocks of about the same number of events, or fewer if they are large. */
export function cutIntoBlocks(
  columns: EventColumns,
  { blockEvents, blockBytes }: BlockLimits,
): readonly EventColumns[] {
  const { count } = columns;
  const sizes = sizesOf(columns.fields);
  const maxEvents = Math.ceil(count / Math.ceil(count / blockEvents));
  const blocks: EventColumns[] = [];
  let start = 0;
  let bytes = 0;
  for (let row = 0; row < count; row++) {
    const size = sizes[row] as number;
    if (row - start === maxEvents || (row > start && bytes + size > blockBytes)) {
      blocks.push(columns.slice(start, row));
      start = row;
      bytes = 0;
    }
    bytes += size;
  }
  return [...blocks, columns.slice(start, count)];
}
