import type { SqliteConnection } from '../sqlite/driver';
import { EVENT_BYTES } from '../rows/row';
import { ExpiredEvents } from './expired-events';
import type { PruneLimits, PruneStep } from './limits';

/** Maximum rows and bytes of events in one step, so that appends do not wait long. */
const STEP = 2_000;
const STEP_BYTES = 16 * 1024 * 1024;

/** Deletes the expired events among the next rows. */
export function pruneRows(connection: SqliteConnection, limits: PruneLimits, from: number): PruneStep {
  const rows = connection
    .prepare(
      `SELECT sequence, received_at, level, ${EVENT_BYTES} FROM event WHERE sequence > ? ORDER BY sequence LIMIT ${STEP}`,
    )
    .iterate(from) as Iterable<[number, number, number, number]>;
  const expired = new ExpiredEvents(limits);
  const sequences: number[] = [];
  let through = from;
  let considered = 0;
  let consideredBytes = 0;
  for (const [sequence, receivedAt, rank, bytes] of rows) {
    through = sequence;
    considered += 1;
    consideredBytes += bytes;
    if (expired.take(sequence, receivedAt, rank, bytes)) sequences.push(sequence);
    if (consideredBytes >= STEP_BYTES) break;
  }
  const remove = connection.prepare('DELETE FROM event WHERE sequence = ?');
  for (const sequence of sequences) remove.run(sequence);
  const isEnd = considered < STEP && consideredBytes < STEP_BYTES;
  return { ...expired.counts, through, isLast: isEnd || !expired.mayContinue };
}
