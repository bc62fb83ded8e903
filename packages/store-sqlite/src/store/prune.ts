import { LEVELS } from '@vigilant/core';
import type { Level, PruneResult, RetentionPolicy } from '@vigilant/core';
import type { Connection } from '../driver';
import { inTransaction, scalar } from '../worker/database';
import type { CallContext } from '../worker/protocol';
import { giveWay } from '../worker/serve';

/** Sequences looked at in one step, so that appending is never kept waiting. */
const STEP = 2_000;

/** Pages given back to the disk after each step. */
const VACUUM_PAGES = 1_000;

/** What is no longer kept. */
export type PrunePolicy = Omit<RetentionPolicy, 'signal'>;

/** Deletes what a policy no longer keeps, from the earliest arrival on. */
export async function prune(
  connection: Connection,
  policy: PrunePolicy,
  context: CallContext,
): Promise<PruneResult> {
  let deleted = 0;
  let complete = false;
  let from = 0;
  while (!complete && !context.isCancelled()) {
    const step = inTransaction(connection, () => pruneStep(connection, policy, from));
    deleted += step.deleted;
    if (step.deleted > 0) connection.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    complete = step.through === undefined;
    from = step.through ?? from;
    if (!complete) await giveWay();
  }
  // What was deleted is given back whole, and in small steps as well.
  while (!context.isCancelled() && scalar(connection, 'PRAGMA freelist_count') > 0) {
    connection.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    await giveWay();
  }
  return { deleted, complete };
}

function pruneStep(
  connection: Connection,
  policy: PrunePolicy,
  from: number,
): { deleted: number; through: number | undefined } {
  const last = connection
    .prepare('SELECT sequence FROM event WHERE sequence > ? ORDER BY sequence LIMIT 1 OFFSET ?')
    .get(from, STEP - 1);
  const through = last === undefined ? undefined : Number(last[0]);
  const { doomed, mayFollow } = findDoomed(connection, policy, from, through ?? Number.MAX_SAFE_INTEGER);
  const remove = connection.prepare('DELETE FROM event WHERE sequence = ?');
  for (const sequence of doomed) remove.run(sequence);
  const highest = doomed.at(-1);
  if (highest !== undefined)
    connection
      .prepare('UPDATE store SET events = events - ?, pruned_through = max(pruned_through, ?)')
      .run(doomed.length, highest);
  return { deleted: doomed.length, through: mayFollow ? through : undefined };
}

/** Which rows to delete, and whether there may be more behind them. */
interface Found {
  readonly doomed: readonly number[];
  readonly mayFollow: boolean;
}

function findDoomed(connection: Connection, policy: PrunePolicy, from: number, through: number): Found {
  const rows = connection
    .prepare(
      `SELECT sequence, received_at, level, length(message) + length(data) + 200
       FROM event WHERE sequence > ? AND sequence <= ? ORDER BY sequence`,
    )
    .all(from, through) as [number, number, number, number][];
  let excessEvents = scalar(connection, 'SELECT events FROM store') - (policy.maxEvents ?? Infinity);
  let excessBytes = usedBytes(connection) - (policy.maxBytes ?? Infinity);
  const bounds = LEVELS.map((level) => boundOf(policy, level));
  const latest = Math.max(...bounds);
  const doomed: number[] = [];
  let mayFollow = false;
  for (const [sequence, receivedAt, rank, bytes] of rows) {
    // Rows arrive about in the order of their age; where all are young, those behind are too.
    if (receivedAt < latest) mayFollow = true;
    const isOld = receivedAt < (bounds[rank] ?? latest);
    if (!isOld && excessEvents <= 0 && excessBytes <= 0) continue;
    doomed.push(sequence);
    excessEvents -= 1;
    excessBytes -= bytes;
  }
  return { doomed, mayFollow: mayFollow || excessEvents > 0 || excessBytes > 0 };
}

/** Before which time events of a level are too old, in microseconds. */
function boundOf({ receivedBefore, receivedBeforeByLevel }: PrunePolicy, level: Level): number {
  return (receivedBeforeByLevel?.[level] ?? receivedBefore ?? -Infinity) * 1000;
}

/** Bytes of pages that hold something. */
export function usedBytes(connection: Connection): number {
  const pages = scalar(connection, 'PRAGMA page_count') - scalar(connection, 'PRAGMA freelist_count');
  return pages * scalar(connection, 'PRAGMA page_size');
}
