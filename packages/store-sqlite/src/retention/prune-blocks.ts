import type { EventColumns } from '@vigilant/blocks';
import { encodeParts } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import type { StoredBlock } from '../blocks/block-table';
import { deleteBlock, insertBlock } from '../blocks/block-table';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { sizesOf } from '../rows/row';
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
    return { ...pruneBlock(connection, header, limits), through, isLast: false };
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
  header: StoredBlock,
  limits: PruneLimits,
): ExpiredEvents['counts'] {
  const block = sealedBlocks(connection).open(header);
  const columns = block.columns();
  const { counts, kept } = takeExpired(columns, limits);
  if (block.isDamaged || counts.deleted === 0) return NOTHING;
  deleteBlock(connection, header.firstSequence);
  if (kept.length > 0) {
    const rest = columns.select(kept);
    insertBlock(connection, header, rest, encodeParts(rest));
  }
  return counts;
}

/** Returns what expires of some events, and the indexes of the others. */
function takeExpired(
  { fields, count }: EventColumns,
  limits: PruneLimits,
): { readonly counts: ExpiredEvents['counts']; readonly kept: Int32Array } {
  const { sequence, receivedAt, level } = fields;
  const sizes = sizesOf(fields);
  const expired = new ExpiredEvents(limits);
  const kept = new Int32Array(count);
  let keptCount = 0;
  for (let row = 0; row < count; row++) {
    const isExpired = expired.take(
      sequence[row] as number,
      receivedAt[row] as number,
      level[row] as number,
      sizes[row] as number,
    );
    if (!isExpired) kept[keptCount++] = row;
  }
  return { counts: expired.counts, kept: kept.subarray(0, keptCount) };
}
