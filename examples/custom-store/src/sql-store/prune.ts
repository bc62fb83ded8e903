import type Database from 'better-sqlite3';
import { LEVELS } from '@vigilant/core';
import { expiryTime } from '@vigilant/core/adapter';
import type { Level, RetentionPolicy } from '@vigilant/core';
import { readStatus } from './tables';

/** Maximum number of events that one step examines. Appends run between two steps. */
const PRUNE_STEP = 2_000;

/** Deletes the expired events among the next ones. `through` is the last one that was examined, if others follow. */
export function pruneStep(
  database: Database.Database,
  policy: RetentionPolicy,
  from: number,
): { readonly deleted: number; readonly through?: number } {
  const { maxEvents = Infinity, maxBytes = Infinity } = policy;
  const status = readStatus(database);
  let { events, bytes = 0, prunedThrough } = status;
  const rows = database
    .prepare(
      'SELECT sequence, received_at, level, bytes FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?',
    )
    .raw()
    .all(from, PRUNE_STEP) as [number, number, number, number][];
  const statement = database.prepare('DELETE FROM event WHERE sequence = ?');
  for (const [sequence, receivedAt, rank, size] of rows) {
    const isOld = receivedAt < expiryTime(policy, LEVELS[rank] as Level) * 1000;
    if (!isOld && events <= maxEvents && bytes <= maxBytes) continue;
    statement.run(sequence);
    events -= 1;
    bytes -= size;
    prunedThrough = Math.max(prunedThrough, sequence);
  }
  database
    .prepare('UPDATE store SET events = ?, bytes = ?, pruned_through = ?')
    .run(events, bytes, prunedThrough);
  const deleted = status.events - events;
  const through = rows.at(-1)?.[0];
  return rows.length < PRUNE_STEP || through === undefined ? { deleted } : { deleted, through };
}
