import {
  SQL_ALL,
  createMatcher,
  encodeParts,
  eventFromParts,
  timeRangeOf,
  widenFilter,
  yieldToEventLoop,
} from '@vigilant/core/adapter';
import type { Clock, EventPage, EventPosition, EventQuery, StoredEvent } from '@vigilant/core';
import { compile } from './filter-sql';
import type { StoreState } from '../pool/staleness-check';
import type { SqlRow } from '../sql/event-row';
import { COLUMNS, readRow } from '../sql/event-row';
import type { Session } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';
import type { Candidate, Walk, Window } from './window';
import { boundsOf, readWindow } from './window';

/**
 * Rows examined by the first statement, and the maximum. Most pages fill soon, and rare matches need many rows.
 */
const FIRST_WINDOW = 64;
const LAST_WINDOW = 4_096;
const GROWTH = 4;

/** Bytes of rows examined by one statement, estimated from the rows before. */
const WINDOW_BYTES = 16 * 1024 * 1024;

/** Maximum rows and bytes fetched by one statement. A larger row is fetched alone. */
const FETCH_ROWS = 1_000;
const FETCH_BYTES = 2 * 1024 * 1024;

/** Bytes that are decoded before other work of the process runs. */
const BYTES_PER_TURN = 256 * 1024;

/** Dependencies of `scan`. */
export interface ScanSetting {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly readState: () => Promise<StoreState>;
  /** Runs statements on a session. A scan does not hold a session while it decodes. */
  readonly use: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Throws if the store was closed. */
  readonly throwIfEnded: () => void;
}

/** Finds a page of events, window by window, so that it can stop at a deadline or at its signal. */
export async function scan(query: EventQuery, setting: ScanSetting): Promise<EventPage> {
  const { tables, clock, use } = setting;
  const started = clock.monotonic();
  const { epoch, lastSequence } = await setting.readState();
  const asOf = query.asOf ?? lastSequence;
  const { filter, isExact } = widenFilter(query.filter);
  const condition = compile(filter);
  const matches = condition.isExact ? () => true : createMatcher(filter);
  const { order } = query;
  const bounds = await use((session) => boundsOf(session, tables, order, timeRangeOf(filter)));
  const walk: Walk = { tables, order, bounds, condition, asOf };
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

  let size = FIRST_WINDOW;
  for (;;) {
    // If every row matches, the window needs no more rows than the page.
    const most = condition === SQL_ALL ? Math.min(LAST_WINDOW, query.limit - events.length) : size;
    const window = await use((session) => readWindow(session, walk, position, most));
    scanned += window.scanned;
    // If SQL alone decides what matches, nothing beyond the page is read.
    const room = condition.isExact ? query.limit - events.length : Infinity;
    const candidates = window.candidates.slice(0, room);
    for (const group of groupsOf(candidates)) {
      setting.throwIfEnded();
      query.signal?.throwIfAborted();
      const rows = await use((session) => fetchRows(session, tables, group));
      for (const { timestamp, sequence } of group) {
        const row = rows.get(sequence);
        // Pruned between the two statements.
        if (row === undefined) continue;
        const event = readRow(row);
        if (bytesOfTurn > BYTES_PER_TURN) {
          await yieldToEventLoop();
          bytesOfTurn = 0;
        }
        bytesOfTurn += event.dataJson.length + event.message.length;
        if (!matches(event)) continue;
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
    size = nextSize(size, window);
    position = candidates.length < window.candidates.length ? candidates.at(-1) : window.end;
    if (position === undefined) return page(undefined, true);
    if (isLate()) return page(position, false);
    await yieldToEventLoop();
    setting.throwIfEnded();
    query.signal?.throwIfAborted();
  }
}

/** Returns the number of rows to examine after a window. */
function nextSize(size: number, { bytes, scanned }: Window): number {
  const fitting = Math.ceil(WINDOW_BYTES / (bytes / Math.max(1, scanned)));
  return Math.min(size * GROWTH, LAST_WINDOW, fitting);
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
