import { byteTextsOf, idValuesOf } from '@vigilant/blocks';
import { yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import { deleteRun, insertIds, readRuns } from './id-table';
import { sealedBlocks } from './sealed-blocks';

/** Replaces all runs of ids by new ones, one for each block, if a run was found damaged. Other calls run between the steps. */
export async function rebuildIds(connection: SqliteConnection, context: WorkerCallContext): Promise<void> {
  const blocks = sealedBlocks(connection);
  if (!blocks.damage.hasRuns) return;
  // Read before the blocks, so that the run of a block that is added meanwhile is kept.
  const old = readRuns(connection);
  blocks.refresh();
  for (const { firstSequence } of blocks.headers) {
    if (context.isCancelled()) return;
    inTransaction(connection, () => insertIdsOf(connection, firstSequence));
    await yieldToEventLoop();
  }
  inTransaction(connection, () => {
    for (const { run } of old) deleteRun(connection, run);
  });
  blocks.damage.keep('run', (number) => !old.some(({ run }) => run === number));
}

/** Adds a run with the ids of a block. Until the old runs are deleted, its ids are in two of them, which is harmless. */
function insertIdsOf(connection: SqliteConnection, firstSequence: number): void {
  const blocks = sealedBlocks(connection);
  blocks.refresh();
  const header = blocks.find(firstSequence);
  // It may have been pruned since.
  if (header === undefined) return;
  const block = blocks.open(header);
  const ids = byteTextsOf(Array.from({ length: header.count }, (_, row) => block.value('id', row)));
  insertIds(connection, header, ids, idValuesOf(ids));
}
