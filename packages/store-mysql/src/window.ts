import type { EventOrder, EventPosition, TimestampRange } from '@vigilant/core';
import type { Condition } from './filter-sql';
import type { Session } from './session';
import type { Tables } from './tables';

/** Most entries of the index by time that are read to bound a walk by sequence. */
const MAX_BOUNDED = 20_000;

/** How rows are walked in an order: the one index to use, and bounds in a form that the server takes for a range. */
const WALKS = {
  newest: { index: '`by_time`', by: '`timestamp` DESC, `sequence` DESC', than: '<' },
  oldest: { index: '`by_time`', by: '`timestamp`, `sequence`', than: '>' },
  arrival: { index: 'PRIMARY', by: '`sequence`', than: '>' },
} as const;

/** A row that meets the condition, before it is read. */
export interface Candidate extends EventPosition {
  readonly bytes: number;
}

/** A run of rows in the order of a query. */
export interface Window {
  /** The rows that meet the condition. */
  readonly candidates: readonly Candidate[];
  /** The last row; absent when no row follows. */
  readonly end?: EventPosition;
  readonly scanned: number;
  /** The size of all scanned rows. */
  readonly bytes: number;
}

/** The rows that a query may show. */
export interface Walk {
  readonly tables: Tables;
  readonly order: EventOrder;
  /** Bounds that every row must meet, as SQL. */
  readonly bounds: readonly string[];
  readonly condition: Condition;
  readonly asOf: number;
}

/** Bounds a walk by the range of time that a filter allows. */
export async function boundsOf(
  session: Session,
  { event }: Tables,
  order: EventOrder,
  { from, until }: TimestampRange,
): Promise<readonly string[]> {
  const bounds = [
    ...(from === undefined ? [] : [`\`timestamp\` >= ${from}`]),
    ...(until === undefined ? [] : [`\`timestamp\` < ${until}`]),
  ];
  if (order !== 'arrival' || bounds.length === 0) return bounds;
  // The index by time has the sequences too. They bound the walk unless there are many.
  const [row = []] = await session.rows(
    `SELECT COUNT(*), COALESCE(MIN(\`sequence\`), 0), COALESCE(MAX(\`sequence\`), -1) FROM
    (SELECT \`sequence\` FROM ${event} FORCE INDEX (\`by_time\`) WHERE ${bounds.join(' AND ')} LIMIT ${MAX_BOUNDED + 1}) AS in_range`,
  );
  const [count, first, last] = row.map(Number);
  return Number(count) > MAX_BOUNDED ? [] : [`\`sequence\` BETWEEN ${first} AND ${last}`];
}

/**
 * Reads the next rows of a walk: of each its place, its size and whether it meets the condition. Each row is read once, and no
 * text leaves the server.
 */
export async function readWindow(
  session: Session,
  { tables, order, bounds, condition, asOf }: Walk,
  position: EventPosition | undefined,
  size: number,
): Promise<Window> {
  const { index, by } = WALKS[order];
  const all = position === undefined ? bounds : [...bounds, boundBehind(order, position)];
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
  const found = { candidates, scanned: rows.length, bytes: total };
  const last = rows.length < size ? undefined : rows.at(-1);
  return last === undefined
    ? found
    : { ...found, end: { timestamp: Number(last[0]), sequence: Number(last[1]) } };
}

/** Strictly behind a place. A comparison of pairs would read the whole index. */
function boundBehind(order: EventOrder, { timestamp, sequence }: EventPosition): string {
  const { than } = WALKS[order];
  if (order === 'arrival') return `\`sequence\` > ${sequence}`;
  return `\`timestamp\` ${than}= ${timestamp} AND (\`timestamp\` ${than} ${timestamp} OR \`sequence\` ${than} ${sequence})`;
}
