import type { Part } from '@vigilant/blocks';
import { columnsOf, encodeParts } from '@vigilant/blocks';
import { yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction, scalar } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import { countOlderEvents } from '../rows/event-bytes';
import { addBlock } from './add-block';
import type { BlockLimits } from './block-limits';
import { BLOCK_LIMITS } from './block-limits';
import { countRows, deleteRows, oldestRows } from '../rows/row-table';

/** Moves the oldest rows into blocks while there are too many of them. Other calls run between the steps. */
export async function seal(
  connection: SqliteConnection,
  context: WorkerCallContext,
  limits: BlockLimits = BLOCK_LIMITS,
): Promise<void> {
  if (!hasExcessRows(connection, limits)) return;
  await countOlderEvents(connection, context);
  while (!context.isCancelled() && hasExcessRows(connection, limits))
    if (!(await sealBlock(connection, context, limits))) return;
}

/** Returns whether some rows must be sealed, because they are too many or too large. */
export function hasExcessRows(connection: SqliteConnection, { maxRows, maxRowBytes }: BlockLimits): boolean {
  const rows = countRows(connection);
  if (rows === 0 || rows > maxRows) return rows > 0;
  // Rows of schema 1 that are not counted yet only make the difference smaller.
  const rowBytes = 'SELECT event_bytes - (SELECT total(event_bytes) FROM block) FROM store';
  return scalar(connection, rowBytes) > maxRowBytes;
}

/** Seals one block. Returns `false` if it was cancelled or another process was faster. */
async function sealBlock(
  connection: SqliteConnection,
  context: WorkerCallContext,
  limits: BlockLimits,
): Promise<boolean> {
  const rows = oldestRows(connection, limits.blockEvents, limits.blockBytes);
  const columns = columnsOf(rows);
  const parts: Part[] = [];
  for (const part of encodeParts(columns)) {
    parts.push(part);
    await yieldToEventLoop();
    if (context.isCancelled()) return false;
  }
  try {
    inTransaction(connection, () => {
      if (!deleteRows(connection, rows)) throw new ChangedRowsError();
      addBlock(connection, columns, parts);
    });
    return true;
  } catch (error) {
    if (error instanceof ChangedRowsError) return false;
    throw error;
  }
}

/** The rows of a block were sealed or pruned while it was encoded. */
class ChangedRowsError extends Error {}
