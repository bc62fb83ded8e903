import type { Block, BlockRow } from '@vigilant/blocks';
import { columnsOf, encodeParts } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import type { StoredBlock } from '../blocks/block-table';
import { deleteBlock, insertBlock } from '../blocks/block-table';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { bytesOf } from '../rows/row';
import { ExpiredEvents } from './expired-events';
import type { PruneLimits, PruneStep } from './limits';

/** Deletes the expired events of the next block that may have some. Returns `undefined` if no block is left that may. */
export function pruneNextBlock(
  connection: SqliteConnection,
  limits: PruneLimits,
  from: number,
): PruneStep | undefined {
  const blocks = sealedBlocks(connection);
  blocks.refresh();
  for (const header of blocks.headers) {
    if (header.lastSequence <= from) continue;
    const share = expiredShare(header, limits);
    if (share === 'none') continue;
    const { firstSequence, lastSequence: through, count, eventBytes } = header;
    if (share === 'all') {
      deleteBlock(connection, firstSequence);
      return { deleted: count, deletedBytes: eventBytes, highest: through, through, isLast: false };
    }
    return { ...pruneBlock(connection, blocks.open(header), limits), through, isLast: false };
  }
  return undefined;
}

/** Returns how many events of a block have expired. */
function expiredShare(header: StoredBlock, limits: PruneLimits): 'all' | 'some' | 'none' {
  const { count, eventBytes, receivedAt, levels } = header;
  const { excessEvents, excessBytes, expiry } = limits;
  const bounds = expiry.filter((_, rank) => (levels[rank] as number) > 0);
  if (excessEvents >= count || excessBytes >= eventBytes || receivedAt.max < Math.min(...bounds))
    return 'all';
  return excessEvents > 0 || excessBytes > 0 || receivedAt.min < Math.max(...bounds) ? 'some' : 'none';
}

const NOTHING = { deleted: 0, deletedBytes: 0, highest: 0 } as const;

/** Encodes a block again without its expired events. A damaged block stays as it is until all its events expire. */
function pruneBlock(
  connection: SqliteConnection,
  block: Block,
  limits: PruneLimits,
): ExpiredEvents['counts'] {
  const { firstSequence } = block.header;
  const expired = new ExpiredEvents(limits);
  const kept: BlockRow[] = [];
  for (const row of block.rows())
    if (!expired.take(row.sequence, row.receivedAt, row.level, bytesOf(row))) kept.push(row);
  if (block.isDamaged || expired.counts.deleted === 0) return NOTHING;
  deleteBlock(connection, firstSequence);
  if (kept.length > 0) {
    const columns = columnsOf(kept);
    insertBlock(connection, firstSequence, columns, encodeParts(columns));
  }
  return expired.counts;
}
