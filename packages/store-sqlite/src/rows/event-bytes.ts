import { yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import { EVENT_BYTES } from './row';

// `store.event_bytes` is the size of the events above `store.counted_after`. A database of schema 1 begins with none of
// its events counted.

/** Maximum number of rows counted in one step, so that appends do not wait long. */
const STEP = 10_000;

/** Counts the bytes of events that an earlier version stored. */
export async function countOlderEvents(
  connection: SqliteConnection,
  context: WorkerCallContext,
): Promise<void> {
  while (!context.isCancelled() && !inTransaction(connection, () => countStep(connection)))
    await yieldToEventLoop();
}

/** Counts further events; returns `true` once all are counted. */
function countStep(connection: SqliteConnection): boolean {
  const [countedAfter] = connection.prepare('SELECT counted_after FROM store').get() as [number];
  if (countedAfter === 0) return true;
  const [count, lowest, bytes] = connection
    .prepare(
      `SELECT count(*), min(sequence), sum(bytes) FROM (SELECT sequence, ${EVENT_BYTES} AS bytes FROM event
      WHERE sequence <= ? ORDER BY sequence DESC LIMIT ${STEP})`,
    )
    .get(countedAfter) as [number, number | null, number | null];
  const isLast = count < STEP;
  connection
    .prepare('UPDATE store SET event_bytes = event_bytes + ?, counted_after = ?')
    .run(bytes ?? 0, isLast || lowest === null ? 0 : lowest - 1);
  return isLast;
}
