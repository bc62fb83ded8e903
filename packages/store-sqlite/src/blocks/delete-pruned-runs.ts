import { DamagedBlockError } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction } from '../sqlite/transaction';
import { deleteRun, readRuns } from './id-table';
import { sealedBlocks } from './sealed-blocks';
import { openKnownRun } from './sealed-ids';

/** Deletes the runs of ids whose blocks were all pruned. A merge deletes individual ids of pruned blocks. */
export function deletePrunedRuns(connection: SqliteConnection): void {
  inTransaction(connection, () => {
    const blocks = sealedBlocks(connection);
    blocks.refresh();
    for (const { run } of readRuns(connection))
      if (blocksOf(connection, run)?.every((block) => blocks.find(block) === undefined) === true)
        deleteRun(connection, run);
  });
}

/** Returns the first sequences of the blocks of a run, or `undefined` if it is damaged. */
function blocksOf(connection: SqliteConnection, run: number): Float64Array | undefined {
  try {
    return openKnownRun(connection, run).head.blocks;
  } catch (error) {
    // The next append or merge reports the damage, and then the run is replaced.
    if (error instanceof DamagedBlockError) return undefined;
    throw error;
  }
}
