import type { EventOrder, EventPosition } from '@vigilant/core';
import type { TimestampRange } from '@vigilant/core/adapter';
import type { MysqlSession } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';
import type { RowCondition } from './filter-sql';

/** Maximum number of entries of the index by time that are read to bound a walk by sequence. */
const MAX_BOUNDED = 20_000;

/** How each order walks the rows: the index, the sort order, and the comparison for rows after a position. */
const WALKS = {
  newest: { index: '`by_time`', by: '`timestamp` DESC, `sequence` DESC', than: '<' },
  oldest: { index: '`by_time`', by: '`timestamp`, `sequence`', than: '>' },
  arrival: { index: 'PRIMARY', by: '`sequence`', than: '>' },
} as const;

/** A row that meets the condition and is not read yet. */
export interface Candidate extends EventPosition {
  readonly bytes: number;
}

/** Consecutive rows in the order of a query. */
export interface RowWindow {
  /** The rows that meet the condition. */
  readonly candidates: readonly Candidate[];
  /** The last row; `undefined` if no row follows. */
  readonly end: EventPosition | undefined;
  readonly scanned: number;
  /** The size of all scanned rows. */
  readonly bytes: number;
}

/** The rows that a query may return. */
export interface RowWalk {
  readonly tables: Tables;
  readonly order: EventOrder;
  /** Bounds that every row must meet, as SQL. */
  readonly bounds: readonly string[];
  readonly condition: RowCondition;
  readonly asOf: number;
}

/** Returns the bounds of a walk, as SQL, from the time range of its filter. */
export async function boundsOf(
  session: MysqlSession,
  { event }: Tables,
  order: EventOrder,
  { from, until }: TimestampRange,
): Promise<readonly string[]> {
  const bounds: string[] = [];
  if (from !== undefined) bounds.push(`\`timestamp\` >= ${from}`);
  if (until !== undefined) bounds.push(`\`timestamp\` < ${until}`);
  if (order !== 'arrival' || bounds.length === 0) return bounds;
  // The index by time includes the sequences. They bound the walk unless there are too many.
  const [row = []] = await session.rows(
    `SELECT COUNT(*), COALESCE(MIN(\`sequence\`), 0), COALESCE(MAX(\`sequence\`), -1) FROM
    (SELECT \`sequence\` FROM ${event} FORCE INDEX (\`by_time\`) WHERE ${bounds.join(' AND ')} LIMIT ${MAX_BOUNDED + 1}) AS in_range`,
  );
  const [count, first, last] = row.map(Number);
  return Number(count) > MAX_BOUNDED ? [] : [`\`sequence\` BETWEEN ${first} AND ${last}`];
}

/**
 * Reads the position and size of the next rows of a walk, and whether they meet the condition. Each row is read once, and the server
 * sends no text.
 */
export async function readWindow(
  session: MysqlSession,
  { tables, order, bounds, condition, asOf }: RowWalk,
  position: EventPosition | undefined,
  size: number,
): Promise<RowWindow> {
  const { index, by } = WALKS[order];
  const all = position === undefined ? bounds : [...bounds, boundAfter(order, position)];
  const rows = await session.rows(
    `SELECT \`timestamp\`, \`sequence\`, \`bytes\`, (\`sequence\` <= ${asOf} AND (${condition.sql}))
    FROM ${tables.event} FORCE INDEX (${index}) ${all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`}
    ORDER BY ${by} LIMIT ${size}`,
    condition.parameters,
  );
  const candidates: Candidate[] = [];
  let total = 0;
  for (const [timestamp, sequence, bytes, isMatch] of rows) {
    total += Number(bytes);
    if (Number(isMatch) === 1)
      candidates.push({ timestamp: Number(timestamp), sequence: Number(sequence), bytes: Number(bytes) });
  }
  const last = rows.length < size ? undefined : rows.at(-1);
  const end = last && { timestamp: Number(last[0]), sequence: Number(last[1]) };
  return { candidates, end, scanned: rows.length, bytes: total };
}

/** Returns the bound of the rows after a position. A comparison of pairs would read the whole index. */
function boundAfter(order: EventOrder, { timestamp, sequence }: EventPosition): string {
  const { than } = WALKS[order];
  if (order === 'arrival') return `\`sequence\` > ${sequence}`;
  return `\`timestamp\` ${than}= ${timestamp} AND (\`timestamp\` ${than} ${timestamp} OR \`sequence\` ${than} ${sequence})`;
}
