import type { Clock, PruneResult } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { sleep, yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction, scalar } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import { deletePrunedRuns } from '../blocks/delete-pruned-runs';
import { countOlderEvents } from '../rows/event-bytes';
import type { PrunePolicy, PruneStep } from './limits';
import { readLimits } from './limits';
import { pruneNextBlock } from './prune-blocks';
import { pruneRows } from './prune-rows';

/** Maximum pause after a step, in milliseconds. Otherwise the pause is as long as the step, so that other processes can write. */
const MAX_PAUSE_MS = 250;

/** Maximum pages that are returned to the file system after each step. */
const VACUUM_PAGES = 1_000;

/** Deletes expired events in order of arrival. */
export async function prune(
  connection: SqliteConnection,
  policy: PrunePolicy,
  context: WorkerCallContext,
  clock: Clock = systemClock,
): Promise<PruneResult> {
  if (policy.maxBytes !== undefined) await countOlderEvents(connection, context);
  let deleted = 0;
  let complete = false;
  let from = 0;
  while (!complete && !context.isCancelled()) {
    const startedAt = clock.monotonic();
    const step = inTransaction(connection, () => pruneStep(connection, policy, from));
    deleted += step.deleted;
    if (step.deleted > 0) connection.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    complete = step.isLast;
    from = step.through;
    const pauseMs = Math.min(MAX_PAUSE_MS, clock.monotonic() - startedAt);
    if (!complete) await sleep(clock, pauseMs, undefined, { keepAlive: true });
  }
  if (deleted > 0) deletePrunedRuns(connection);
  await releasePages(connection, context);
  return { deleted, complete };
}

/** Prunes the blocks, then the rows, which are newer. */
function pruneStep(connection: SqliteConnection, policy: PrunePolicy, from: number): PruneStep {
  const limits = readLimits(connection, policy);
  const blocks = pruneNextBlock(connection, limits, from);
  const step = blocks ?? pruneRows(connection, limits, from);
  if (step.deleted > 0)
    connection
      .prepare(
        `UPDATE store SET events = events - ?, event_bytes = max(0, event_bytes - ?),
        pruned_through = max(pruned_through, ?)`,
      )
      .run(step.deleted, step.deletedBytes, step.highest);
  return step;
}

/** Returns all free pages to the file system in small steps, if the file allows it. */
async function releasePages(connection: SqliteConnection, context: WorkerCallContext): Promise<void> {
  let before = Infinity;
  while (!context.isCancelled()) {
    const free = scalar(connection, 'PRAGMA freelist_count');
    // Without auto_vacuum, as in a file that a tool has rewritten, the pages stay in the file for reuse.
    if (free === 0 || free >= before) return;
    before = free;
    connection.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    await yieldToEventLoop();
  }
}

/** Returns the size of all pages that are in use, in bytes. */
export function usedBytes(connection: SqliteConnection): number {
  const pages = scalar(connection, 'PRAGMA page_count') - scalar(connection, 'PRAGMA freelist_count');
  return pages * scalar(connection, 'PRAGMA page_size');
}
