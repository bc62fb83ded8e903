import { createMatcher, encodeParts } from '@vigilant/core';
import type { EventOrder, EventPosition, Filter, QueryStatistics } from '@vigilant/core';
import type { Connection, SqlRow, SqlValue } from '../driver';
import { packBytes } from '../packing';
import type { CallContext } from '../worker/protocol';
import { Transfer } from '../worker/protocol';
import { giveWay } from '../worker/serve';
import { compile } from './filter-sql';
import { COLUMNS, readRow } from './row';

/** A query as it comes from the host. */
export interface ScanRequest {
  readonly filter: Filter;
  readonly order: EventOrder;
  readonly after?: EventPosition;
  readonly asOf?: number;
  readonly limit: number;
  readonly maxBytes: number;
  readonly deadlineMs?: number;
}

/** A page as it goes to the host. */
export interface PackedPage {
  readonly chunks: readonly ArrayBuffer[];
  readonly sequences: readonly number[];
  readonly next?: EventPosition;
  readonly complete: boolean;
  readonly epoch: string;
  readonly asOf: number;
  readonly statistics: QueryStatistics;
}

/** Rows looked at in one statement: few at first, as most pages fill soon, more where matches are rare. */
const FIRST_WINDOW = 512;
const LAST_WINDOW = 16_384;

/** How rows are walked in an order. Names in the order by time; arrival knows only sequences. */
const WALKS = {
  newest: {
    by: 'timestamp DESC, sequence DESC',
    behind: '(timestamp, sequence) < (?, ?)',
    within: '(timestamp, sequence) >= (?, ?)',
  },
  oldest: {
    by: 'timestamp, sequence',
    behind: '(timestamp, sequence) > (?, ?)',
    within: '(timestamp, sequence) <= (?, ?)',
  },
  arrival: { by: 'sequence', behind: 'sequence > ?', within: 'sequence <= ?' },
} as const;

/**
 * Finds a page of events, window by window, so that it can stop at a deadline or when nobody waits any more, and so
 * that no statement stays open while others want their turn.
 */
export async function scan(
  connection: Connection,
  request: ScanRequest,
  context: CallContext,
): Promise<Transfer> {
  const started = performance.now();
  const [epoch, last] = connection.prepare('SELECT epoch, last_sequence FROM store').get() as [
    string,
    number,
  ];
  const asOf = request.asOf ?? last;
  const matches = createMatcher(request.filter);
  const condition = compile(request.filter);
  const found: Uint8Array[] = [];
  const sequences: number[] = [];
  let bytes = 0;
  let scanned = 0;
  let position = request.after;

  const page = (next: EventPosition | undefined, complete: boolean): Transfer => {
    const chunks = packBytes(found);
    const statistics = { scanned, elapsedMs: performance.now() - started };
    const rest = next === undefined ? {} : { next };
    const value: PackedPage = { chunks, sequences, ...rest, complete, epoch, asOf, statistics };
    return new Transfer(value, chunks);
  };

  for (let size = FIRST_WINDOW; ; size = Math.min(LAST_WINDOW, size * 2)) {
    // What SQL decides alone need not be read beyond the page.
    const most = condition.isExact ? request.limit - found.length : size;
    const window = readWindow(connection, request.order, position, size, { ...condition, asOf, most });
    scanned += window.scanned;
    for (const row of window.rows) {
      const event = readRow(row);
      if (!condition.isExact && !matches(event)) continue;
      const encoded = encodeParts(event.head, event.dataJson);
      found.push(encoded);
      sequences.push(event.sequence);
      bytes += encoded.byteLength;
      if (found.length >= request.limit || bytes >= request.maxBytes)
        return page({ timestamp: event.micros, sequence: event.sequence }, true);
    }
    position = window.end;
    if (position === undefined) return page(undefined, true);
    if (request.deadlineMs !== undefined && performance.now() - started >= request.deadlineMs)
      return page(position, false);
    await giveWay();
    if (context.isCancelled()) return page(position, false);
  }
}

/** The rows of a window that meet the condition, and where the window ends; no end when nothing lies behind it. */
interface Window {
  readonly rows: readonly SqlRow[];
  readonly end?: EventPosition;
  readonly scanned: number;
}

function readWindow(
  connection: Connection,
  order: EventOrder,
  position: EventPosition | undefined,
  size: number,
  condition: {
    readonly sql: string;
    readonly parameters: readonly SqlValue[];
    readonly asOf: number;
    readonly most: number;
  },
): Window {
  const walk = WALKS[order];
  const values = (at: EventPosition): SqlValue[] =>
    order === 'arrival' ? [at.sequence] : [at.timestamp, at.sequence];
  const behind = position === undefined ? [] : [walk.behind];
  const behindValues = position === undefined ? [] : values(position);

  // The index alone tells where the window ends.
  const columns = order === 'arrival' ? '0, sequence' : 'timestamp, sequence';
  const last = connection
    .prepare(`SELECT ${columns} FROM event ${where(behind)} ORDER BY ${walk.by} LIMIT 1 OFFSET ${size - 1}`)
    .get(...behindValues) as [number, number] | undefined;
  const end = last === undefined ? undefined : { timestamp: last[0], sequence: last[1] };

  const within = end === undefined ? [] : [walk.within];
  const rows = connection
    .prepare(
      `SELECT ${COLUMNS} FROM event ${where([...behind, ...within, 'sequence <= ?', `(${condition.sql})`])}
      ORDER BY ${walk.by} LIMIT ?`,
    )
    .all(
      ...behindValues,
      ...(end === undefined ? [] : values(end)),
      condition.asOf,
      ...condition.parameters,
      condition.most,
    );
  return end === undefined ? { rows, scanned: rows.length } : { rows, end, scanned: size };
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
