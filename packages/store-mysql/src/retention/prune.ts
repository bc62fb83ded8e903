import { LEVELS } from '@vigilant/core';
import { expiryTime, sleep } from '@vigilant/core/adapter';
import type { Clock, PruneResult, RetentionPolicy } from '@vigilant/core';
import type { SqlRow } from '../sql/sql-text';
import type { MysqlSession, UseSession } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';

/** Maximum rows read by one statement, and deleted in one transaction, so that appends do not wait long. */
const READ_ROWS = 10_000;
const DELETE_ROWS = 1_000;

/** Maximum pause after a step, in milliseconds. Otherwise the pause is as long as the step. */
const MAX_PAUSE_MS = 250;

/** Dependencies of `prune`. */
export interface PruneParts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly read: UseSession;
  readonly write: UseSession;
  /** Returns whether the store was closed. */
  readonly isEnded: () => boolean;
}

/** Deletes expired events in order of arrival. */
export async function prune({ signal, ...policy }: RetentionPolicy, parts: PruneParts): Promise<PruneResult> {
  const isEnded = (): boolean => parts.isEnded() || signal?.aborted === true;
  let deleted = 0;
  let complete = false;
  let from = 0;
  while (!complete && !isEnded()) {
    const found = await parts.read((session) => findExpired(session, parts.tables, policy, from));
    for (let start = 0; start < found.expired.length && !isEnded(); start += DELETE_ROWS) {
      const startedAt = parts.clock.monotonic();
      const step = found.expired.slice(start, start + DELETE_ROWS);
      deleted += await parts.write((session) => deleteStep(session, parts.tables, step));
      const pauseMs = Math.min(MAX_PAUSE_MS, parts.clock.monotonic() - startedAt);
      await sleep(parts.clock, pauseMs, undefined, { keepAlive: true });
    }
    complete = found.through === undefined && !isEnded();
    from = found.through ?? from;
  }
  return { deleted, complete };
}

type Policy = Omit<RetentionPolicy, 'signal'>;

/** Sequences to delete. `through` is the last sequence that was read, or `undefined` if no later event can have expired. */
interface Found {
  readonly expired: readonly number[];
  readonly through: number | undefined;
}

async function findExpired(
  session: MysqlSession,
  tables: Tables,
  policy: Policy,
  from: number,
): Promise<Found> {
  // One statement, so that the counts match the rows even while another server prunes.
  const found = await session.rows(
    `SELECT \`of_store\`.\`events\`, \`of_store\`.\`bytes\`, \`part\`.* FROM ${tables.store} AS \`of_store\`,
    (SELECT \`sequence\`, \`received_at\`, \`level\`, \`bytes\` FROM ${tables.event}
      WHERE \`sequence\` > ${from} ORDER BY \`sequence\` LIMIT ${READ_ROWS}) AS \`part\``,
  );
  const [events, size] = found[0] ?? [];
  let excessEvents = Number(events) - (policy.maxEvents ?? Infinity);
  let excessBytes = Number(size) - (policy.maxBytes ?? Infinity);
  const rows = found.map((row) => row.slice(2)).sort(([a], [b]) => Number(a) - Number(b));
  const bounds = LEVELS.map((level) => expiryTime(policy, level) * 1000);
  const latest = Math.max(...bounds);
  const expired: number[] = [];
  let mayFollow = false;
  for (const [sequence, receivedAt, rank, bytes] of rows) {
    // Rows are roughly in order of age, so no old event follows a step without old events.
    if (Number(receivedAt) < latest) mayFollow = true;
    const isOld = Number(receivedAt) < (bounds[Number(rank)] ?? latest);
    if (!isOld && excessEvents <= 0 && excessBytes <= 0) continue;
    expired.push(Number(sequence));
    excessEvents -= 1;
    excessBytes -= Number(bytes);
  }
  const isLast = rows.length < READ_ROWS || (!mayFollow && excessEvents <= 0 && excessBytes <= 0);
  return { expired, through: isLast ? undefined : Number(rows.at(-1)?.[0]) };
}

/**
 * Deletes rows in one round trip, so that other servers do not wait for this process. Only rows that still exist are counted, as
 * another server may prune too.
 */
async function deleteStep(
  session: MysqlSession,
  { event, store }: Tables,
  sequences: readonly number[],
): Promise<number> {
  const list = `\`sequence\` IN (${sequences.join(',')})`;
  const answers = await session.transaction([
    [
      `SELECT \`only\` FROM ${store} FOR UPDATE`,
      `SET @bytes = (SELECT COALESCE(SUM(\`bytes\`), 0) FROM ${event} WHERE ${list})`,
      `DELETE FROM ${event} WHERE ${list}`,
      `SET @deleted = ROW_COUNT()`,
      `UPDATE ${store} SET \`events\` = \`events\` - @deleted, \`bytes\` = \`bytes\` - @bytes,
        \`pruned_through\` = GREATEST(\`pruned_through\`, ${sequences.at(-1)})`,
      'SELECT @deleted',
    ],
  ]);
  const [row] = answers.at(-1) as readonly SqlRow[];
  return Number(row?.[0]);
}
