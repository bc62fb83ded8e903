import { LEVELS } from '@vigilant/core';
import { sleep } from '@vigilant/core/adapter';
import type { Clock, Level, PruneResult, RetentionPolicy } from '@vigilant/core';
import type { SqlRow } from './row';
import type { Session } from './session';
import type { Tables } from './tables';

/** Rows looked at in one step, and deleted in one transaction, so that appending is never kept waiting. */
const LOOK = 10_000;
const STEP = 1_000;

/** Longest pause between steps, in milliseconds; by default as long as the step took. */
const MAX_PAUSE_MS = 250;

/** What pruning works with. */
export interface PruneSetting {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly read: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  readonly write: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Tells that the work should end. */
  readonly isEnded: () => boolean;
}

/** Deletes what a policy no longer keeps, from the earliest arrival on. */
export async function prune(
  { signal, ...policy }: RetentionPolicy,
  setting: PruneSetting,
): Promise<PruneResult> {
  const isEnded = (): boolean => setting.isEnded() || signal?.aborted === true;
  let deleted = 0;
  let complete = false;
  let from = 0;
  while (!complete && !isEnded()) {
    const found = await setting.read((session) => findDoomed(session, setting.tables, policy, from));
    for (let start = 0; start < found.doomed.length && !isEnded(); start += STEP) {
      const startedAt = setting.clock.monotonic();
      const step = found.doomed.slice(start, start + STEP);
      deleted += await setting.write((session) => deleteStep(session, setting.tables, step));
      const pauseMs = Math.min(MAX_PAUSE_MS, setting.clock.monotonic() - startedAt);
      await sleep(setting.clock, pauseMs, undefined, { keepAlive: true });
    }
    complete = found.through === undefined && !isEnded();
    from = found.through ?? from;
  }
  return { deleted, complete };
}

type Policy = Omit<RetentionPolicy, 'signal'>;

/** Which rows to delete, and from where to look on; nowhere when nothing behind can be too old. */
interface Found {
  readonly doomed: readonly number[];
  readonly through: number | undefined;
}

async function findDoomed(session: Session, tables: Tables, policy: Policy, from: number): Promise<Found> {
  // One statement, so that the counts match the rows even while another server prunes.
  const found = await session.rows(
    `SELECT \`of_store\`.\`events\`, \`of_store\`.\`bytes\`, \`part\`.* FROM ${tables.store} AS \`of_store\`,
    (SELECT \`sequence\`, \`received_at\`, \`level\`, \`bytes\` FROM ${tables.event}
      WHERE \`sequence\` > ${from} ORDER BY \`sequence\` LIMIT ${LOOK}) AS \`part\``,
  );
  const [events, size] = found[0] ?? [];
  let excessEvents = Number(events) - (policy.maxEvents ?? Infinity);
  let excessBytes = Number(size) - (policy.maxBytes ?? Infinity);
  const rows = found.map((row) => row.slice(2)).sort(([a], [b]) => Number(a) - Number(b));
  const bounds = LEVELS.map((level) => boundOf(policy, level));
  const latest = Math.max(...bounds);
  const doomed: number[] = [];
  let mayFollow = false;
  for (const [sequence, receivedAt, rank, bytes] of rows) {
    // Rows arrive about in the order of their age; where all are young, those behind are too.
    if (Number(receivedAt) < latest) mayFollow = true;
    const isOld = Number(receivedAt) < (bounds[Number(rank)] ?? latest);
    if (!isOld && excessEvents <= 0 && excessBytes <= 0) continue;
    doomed.push(Number(sequence));
    excessEvents -= 1;
    excessBytes -= Number(bytes);
  }
  const isLast = rows.length < LOOK || (!mayFollow && excessEvents <= 0 && excessBytes <= 0);
  return { doomed, through: isLast ? undefined : Number(rows.at(-1)?.[0]) };
}

/** Before which time events of a level are too old, in microseconds. */
function boundOf({ receivedBefore, receivedBeforeByLevel }: Policy, level: Level): number {
  return (receivedBeforeByLevel?.[level] ?? receivedBefore ?? -Infinity) * 1000;
}

/**
 * Deletes rows in one round trip, so that other servers do not wait for this process. Only rows that still exist are counted, as
 * another server may prune too.
 */
async function deleteStep(
  session: Session,
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
