import type { Clock, PruneResult, RetentionPolicy } from '@vigilant/core';
import { LEVELS, systemClock } from '@vigilant/core';
import { expiryTime, sleep, yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction, scalar } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import { countOlderEvents } from './event-bytes';
import { EVENT_BYTES } from './row';

/** Maximum rows and bytes of events in one step, so that appends do not wait long. */
const STEP = 2_000;
const STEP_BYTES = 16 * 1024 * 1024;

/** Maximum pause after a step, in milliseconds. Otherwise the pause is as long as the step, so that other processes can write. */
const MAX_PAUSE_MS = 250;

/** Maximum pages that are returned to the file system after each step. */
const VACUUM_PAGES = 1_000;

/** The limits of retention. */
export type PrunePolicy = Omit<RetentionPolicy, 'signal'>;

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
    deleted += step.expired.length;
    if (step.expired.length > 0) connection.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    complete = step.isLast;
    from = step.through;
    const pauseMs = Math.min(MAX_PAUSE_MS, clock.monotonic() - startedAt);
    if (!complete) await sleep(clock, pauseMs, undefined, { keepAlive: true });
  }
  await releasePages(connection, context);
  return { deleted, complete };
}

/** The events that one step found. */
interface Step {
  /** Sequences to delete. */
  readonly expired: readonly number[];
  /** Bytes of those among them that the store has counted. */
  readonly expiredBytes: number;
  /** The last sequence that was considered. */
  readonly through: number;
  /** Whether no later event can have expired. */
  readonly isLast: boolean;
}

function pruneStep(connection: SqliteConnection, policy: PrunePolicy, from: number): Step {
  const step = findExpired(connection, policy, from);
  const remove = connection.prepare('DELETE FROM event WHERE sequence = ?');
  for (const sequence of step.expired) remove.run(sequence);
  const highest = step.expired.at(-1);
  if (highest !== undefined)
    connection
      .prepare(
        `UPDATE store SET events = events - ?, event_bytes = max(0, event_bytes - ?),
        pruned_through = max(pruned_through, ?)`,
      )
      .run(step.expired.length, step.expiredBytes, highest);
  return step;
}

function findExpired(connection: SqliteConnection, policy: PrunePolicy, from: number): Step {
  const [events, eventBytes, countedAfter] = connection
    .prepare('SELECT events, event_bytes, counted_after FROM store')
    .get() as [number, number, number];
  let excessEvents = events - (policy.maxEvents ?? Infinity);
  let excessBytes = eventBytes - (policy.maxBytes ?? Infinity);
  const bounds = LEVELS.map((level) => expiryTime(policy, level) * 1000);
  const latest = Math.max(...bounds);
  const rows = connection
    .prepare(
      `SELECT sequence, received_at, level, ${EVENT_BYTES} FROM event WHERE sequence > ? ORDER BY sequence LIMIT ${STEP}`,
    )
    .iterate(from) as Iterable<[number, number, number, number]>;

  const expired: number[] = [];
  let expiredBytes = 0;
  let through = from;
  let considered = 0;
  let consideredBytes = 0;
  let hasOld = false;
  for (const [sequence, receivedAt, rank, bytes] of rows) {
    through = sequence;
    considered += 1;
    // Rows arrive roughly in order of age, so after a step without old events there are no further ones.
    if (receivedAt < latest) hasOld = true;
    if (receivedAt < (bounds[rank] ?? latest) || excessEvents > 0 || excessBytes > 0) {
      expired.push(sequence);
      excessEvents -= 1;
      if (sequence > countedAfter) {
        excessBytes -= bytes;
        expiredBytes += bytes;
      }
    }
    consideredBytes += bytes;
    if (consideredBytes >= STEP_BYTES) break;
  }
  const isEnd = considered < STEP && consideredBytes < STEP_BYTES;
  const isLast = isEnd || !(hasOld || excessEvents > 0 || excessBytes > 0);
  return { expired, expiredBytes, through, isLast };
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
