import type { EventPosition } from '@vigilant/core';
import type { RowEvent } from '@vigilant/core/adapter';
import {
  createMatcher,
  encodeParts,
  timeRangeOf,
  widenFilter,
  yieldToEventLoop,
} from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { packBytes } from '../thread/packing';
import type { WorkerCallContext } from '../thread/messages';
import { Transfer } from '../thread/messages';
import { compile } from './filter-sql';
import { readRow } from './row';
import type { PackedPage, ScanRequest } from './store-protocol';
import type { EventWalk } from './walk';
import { createWalk } from './walk';

/** Rows of the first window and of the largest: most pages fill soon, and rare matches need many rows. */
const FIRST_WINDOW = 512;
const LAST_WINDOW = 16_384;

/** Duration of a window above which the next one is smaller, in milliseconds. Rows may be large and disks slow. */
const SLOW_WINDOW_MS = 50;

/** Characters that one window may read into memory before it ends early. */
const WINDOW_CHARACTERS = 4 * 1024 * 1024;

/**
 * Finds a page of events, window by window.
 *
 * Between windows it can stop at a deadline or after a cancellation, and other calls of the thread run. No statement
 * stays open between windows, and no window reads more than some MiB of rows into memory.
 */
export async function scan(
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer> {
  const started = performance.now();
  const [epoch, last] = connection.prepare('SELECT epoch, last_sequence FROM store').get() as [
    string,
    number,
  ];
  const asOf = request.asOf ?? last;
  const { filter, isExact } = widenFilter(request.filter);
  const walk = createWalk(connection, request.order, asOf, timeRangeOf(filter));
  const page = new PageBuilder({ ...request, filter });
  let position = request.after;
  let scanned = 0;

  const answer = (next: EventPosition | undefined, complete: boolean): Transfer => {
    const statistics = { scanned, elapsedMs: performance.now() - started };
    const rest = { ...(next === undefined ? {} : { next }), ...(isExact ? {} : { superset: true }) };
    return page.pack({ ...rest, complete, epoch, asOf, statistics });
  };

  for (let size = FIRST_WINDOW; ;) {
    const windowStarted = performance.now();
    const window = readWindow(walk, page, position, size);
    scanned += window.scanned;
    position = window.end;
    if (position === undefined || page.isFull) return answer(position, true);
    const now = performance.now();
    if (request.deadlineMs !== undefined && now - started >= request.deadlineMs)
      return answer(position, false);
    await yieldToEventLoop();
    if (context.isCancelled()) return answer(position, false);
    size = now - windowStarted > SLOW_WINDOW_MS ? Math.ceil(size / 2) : Math.min(LAST_WINDOW, size * 2);
  }
}

/** Consecutive rows that were read. */
interface Window {
  /** The last position that was considered; absent if no row follows. */
  readonly end?: EventPosition;
  /** Rows from the start to the end. */
  readonly scanned: number;
}

/** Reads at most `size` rows after a position into the page; fewer if the page is full or the rows are large. */
function readWindow(
  walk: EventWalk,
  page: PageBuilder,
  position: EventPosition | undefined,
  size: number,
): Window {
  const end = walk.skip(position, size);
  let characters = 0;
  for (const row of walk.rows(position, end, page.condition, page.rowLimit(size))) {
    const event = readRow(row);
    page.consider(event);
    characters += event.message.length + event.dataJson.length;
    if (!page.isFull && characters < WINDOW_CHARACTERS) continue;
    const stopped = { timestamp: event.micros, sequence: event.sequence };
    return { end: stopped, scanned: walk.count(position, stopped) };
  }
  return end === undefined ? { scanned: walk.count(position, end) } : { end, scanned: size };
}

/** The events of a page so far, encoded. */
class PageBuilder {
  /** The part of the filter that SQL can decide. */
  readonly condition: ReturnType<typeof compile>;
  readonly #matches: (event: RowEvent) => boolean;
  readonly #limit: number;
  readonly #maxBytes: number;
  readonly #encoded: Uint8Array[] = [];
  readonly #sequences: number[] = [];
  #bytes = 0;

  constructor({ filter, limit, maxBytes }: ScanRequest) {
    this.condition = compile(filter);
    this.#matches = this.condition.isExact ? () => true : createMatcher(filter);
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.#encoded.length >= this.#limit || this.#bytes >= this.#maxBytes;
  }

  /** Returns how many rows of a window to read: if SQL alone decides what matches, none beyond the page. */
  rowLimit(size: number): number {
    return this.condition.isExact ? this.#limit - this.#encoded.length : size;
  }

  consider(event: RowEvent): void {
    if (!this.#matches(event)) return;
    const encoded = encodeParts(event.head, event.dataJson);
    this.#encoded.push(encoded);
    this.#sequences.push(event.sequence);
    this.#bytes += encoded.byteLength;
  }

  pack(rest: Omit<PackedPage, 'chunks' | 'sequences'>): Transfer {
    const chunks = packBytes(this.#encoded);
    const value: PackedPage = { chunks, sequences: this.#sequences, ...rest };
    return new Transfer(value, chunks);
  }
}
