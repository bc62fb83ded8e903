import { SQL_ALL, createMatcher, encodeParts, eventFromParts, widenFilter } from '@vigilant/core';
import type { Clock, EventOrder, EventPage, EventPosition, EventQuery, StoredEvent } from '@vigilant/core';
import type { Condition } from './filter-sql';
import { compile } from './filter-sql';
import type { Progress, StoreState } from './progress';
import type { SqlRow } from './row';
import { COLUMNS, readRow } from './row';
import type { Session } from './session';
import type { Tables } from './tables';

/** Rows looked at in one statement: few at first, as most pages fill soon, more where matches are rare. */
const FIRST_WINDOW = 512;
const LAST_WINDOW = 16_384;

/** Most rows, and bytes of rows unless one has more, that are fetched at once. */
const FETCH_ROWS = 1_000;
const FETCH_BYTES = 2 * 1024 * 1024;

/** Bytes that the host decodes before other work of the process gets its turn. */
const BYTES_PER_TURN = 256 * 1024;

/** How rows are walked in an order: the one index to use, and bounds in a form that the server takes for a range. */
const WALKS = {
  newest: { index: '`by_time`', by: '`timestamp` DESC, `sequence` DESC', time: '<', sequence: '<' },
  oldest: { index: '`by_time`', by: '`timestamp`, `sequence`', time: '>', sequence: '>' },
  arrival: { index: 'PRIMARY', by: '`sequence`', time: undefined, sequence: '>' },
} as const;

/** What a scan works with. */
export interface ScanSetting {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Runs one statement or a few; a scan holds no connection while it decodes. */
  readonly use: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Rejects when the work should end. */
  readonly throwIfEnded: () => void;
}

/** Finds a page of events, window by window, so that it can stop at a deadline or when nobody waits any more. */
export async function scan(query: EventQuery, setting: ScanSetting): Promise<EventPage> {
  const { tables, clock, use } = setting;
  const started = clock.monotonic();
  const { epoch, lastSequence } = await use((session) => readState(session, setting));
  const asOf = query.asOf ?? lastSequence;
  const { filter, isExact } = widenFilter(query.filter);
  const matches = createMatcher(filter);
  const condition = compile(filter);
  const events: StoredEvent[] = [];
  let bytes = 0;
  let bytesOfTurn = 0;
  let scanned = 0;
  let position = query.after;

  const page = (next: EventPosition | undefined, complete: boolean): EventPage => ({
    events,
    ...(next === undefined ? {} : { next }),
    ...{ complete, epoch, asOf },
    ...(isExact ? {} : { superset: true }),
    statistics: { scanned, elapsedMs: clock.monotonic() - started },
  });
  const isLate = (): boolean =>
    query.deadlineMs !== undefined && clock.monotonic() - started >= query.deadlineMs;

  for (let size = FIRST_WINDOW; ; size = Math.min(LAST_WINDOW, size * 2)) {
    // What SQL decides alone need not be read beyond the page.
    const most = condition.isExact ? query.limit - events.length : size;
    const request = { tables, order: query.order, position, size, condition, asOf, most };
    const window = await use((session) => readWindow(session, request));
    scanned += window.scanned;
    for (const group of groupsOf(window.candidates)) {
      setting.throwIfEnded();
      query.signal?.throwIfAborted();
      const rows = await use((session) => fetchRows(session, tables, group));
      for (const { timestamp, sequence } of group) {
        const row = rows.get(sequence);
        // Pruned between the two statements.
        if (row === undefined) continue;
        const event = readRow(row);
        if (bytesOfTurn > BYTES_PER_TURN) {
          await new Promise((resolve) => setImmediate(resolve));
          bytesOfTurn = 0;
        }
        bytesOfTurn += event.dataJson.length + event.message.length;
        if (!condition.isExact && !matches(event)) continue;
        const { head, dataJson } = event;
        events.push({ ...eventFromParts(head, dataJson), sequence });
        bytes += encodeParts(head, dataJson).byteLength;
        if (events.length >= query.limit || bytes >= query.maxBytes)
          return page({ timestamp, sequence }, true);
      }
      const last = group.at(-1);
      if (last !== undefined && isLate())
        return page({ timestamp: last.timestamp, sequence: last.sequence }, false);
    }
    position = window.end;
    if (position === undefined) return page(undefined, true);
    if (isLate()) return page(position, false);
    await new Promise((resolve) => setImmediate(resolve));
    setting.throwIfEnded();
    query.signal?.throwIfAborted();
  }
}

function readState(session: Session, { tables, progress }: ScanSetting): Promise<StoreState> {
  return progress.checked(session, async () => {
    const [row = []] = await session.rows(`SELECT \`epoch\`, \`last_sequence\` FROM ${tables.store}`);
    return { epoch: String(row[0]), lastSequence: Number(row[1]) };
  });
}

/** A row that meets the condition, before it is read. */
interface Candidate extends EventPosition {
  readonly bytes: number;
}

/** The rows of a window that meet the condition, and where the window ends; no end when nothing lies behind it. */
interface Window {
  readonly candidates: readonly Candidate[];
  readonly end?: EventPosition;
  readonly scanned: number;
}

interface WindowRequest {
  readonly tables: Tables;
  readonly order: EventOrder;
  readonly position: EventPosition | undefined;
  readonly size: number;
  readonly condition: Condition;
  readonly asOf: number;
  readonly most: number;
}

async function readWindow(session: Session, request: WindowRequest): Promise<Window> {
  const { tables, order, position, size, condition, asOf, most } = request;
  const { index, by } = WALKS[order];
  const from = `FROM ${tables.event} FORCE INDEX (${index})`;
  const behind = position === undefined ? [] : [boundBehind(order, position)];
  let end: EventPosition | undefined;
  // Where every row counts, the page itself is the window.
  if (condition !== SQL_ALL) {
    // The index alone tells where the window ends.
    const columns = order === 'arrival' ? '0, `sequence`' : '`timestamp`, `sequence`';
    const [row] = await session.rows(
      `SELECT ${columns} ${from} ${where(behind)} ORDER BY ${by} LIMIT 1 OFFSET ${size - 1}`,
    );
    if (row !== undefined) end = { timestamp: Number(row[0]), sequence: Number(row[1]) };
  }
  const within = end === undefined ? [] : [boundWithin(order, end)];
  const rows = await session.rows(
    `SELECT \`timestamp\`, \`sequence\`, \`bytes\` ${from}
    ${where([...behind, ...within, `\`sequence\` <= ${asOf}`, `(${condition.sql})`])}
    ORDER BY ${by} LIMIT ${most}`,
    condition.parameters,
  );
  const candidates = rows.map(([timestamp, sequence, bytes]): Candidate => {
    return { timestamp: Number(timestamp), sequence: Number(sequence), bytes: Number(bytes) };
  });
  // Behind the last of a full window there may be more, whatever becomes of these.
  if (rows.length === most) end = candidates.at(-1);
  const scanned = condition === SQL_ALL || end === undefined ? rows.length : size;
  return end === undefined ? { candidates, scanned } : { candidates, end, scanned };
}

/** Strictly behind a place. A comparison of pairs would read the whole index. */
function boundBehind(order: EventOrder, { timestamp, sequence }: EventPosition): string {
  const { time, sequence: than } = WALKS[order];
  if (time === undefined) return `\`sequence\` ${than} ${sequence}`;
  return `\`timestamp\` ${time}= ${timestamp} AND (\`timestamp\` ${time} ${timestamp} OR \`sequence\` ${than} ${sequence})`;
}

/** Not behind a place. */
function boundWithin(order: EventOrder, { timestamp, sequence }: EventPosition): string {
  if (order === 'arrival') return `\`sequence\` <= ${sequence}`;
  const than = order === 'newest' ? '>' : '<';
  return `\`timestamp\` ${than}= ${timestamp} AND (\`timestamp\` ${than} ${timestamp} OR \`sequence\` ${than}= ${sequence})`;
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

/** Cuts candidates into groups that may be in memory at once. */
function* groupsOf(candidates: readonly Candidate[]): Generator<readonly Candidate[]> {
  let group: Candidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    if (group.length > 0 && (group.length >= FETCH_ROWS || bytes + candidate.bytes > FETCH_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(candidate);
    bytes += candidate.bytes;
  }
  if (group.length > 0) yield group;
}

async function fetchRows(
  session: Session,
  tables: Tables,
  group: readonly Candidate[],
): Promise<ReadonlyMap<number, SqlRow>> {
  const sequences = group.map(({ sequence }) => sequence).join(',');
  const rows = await session.rows(
    `SELECT ${COLUMNS} FROM ${tables.event} WHERE \`sequence\` IN (${sequences})`,
  );
  return new Map(rows.map((row) => [Number(row[0]), row]));
}
