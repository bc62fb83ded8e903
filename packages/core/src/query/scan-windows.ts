import type { EventPage, EventPosition, EventQuery, QueryStatistics } from '../contracts/query';
import type { Event } from '../event/event';
import { createMatcher } from '../filter/matches';
import type { Matcher } from '../filter/matches';
import { widenFilter } from '../filter/widen';
import type { Clock } from '../util/clock';
import { yieldToEventLoop } from '../util/clock';

/** How many rows the windows of a scan examine. */
export interface WindowSizes {
  /** Rows of the first window, which fill most pages. If the filter matches everything, the limit of the page is used instead. */
  readonly first: number;
  /** Rows of the largest window. Rare matches need many rows. */
  readonly last: number;
  /** Factor by which a window is larger than the one before. */
  readonly growth: number;
  /** Duration of a window above which the next one is half as large, in milliseconds. Must be far more than a round trip to the database. */
  readonly slowMs: number;
}

/** The next rows to examine, in the order of the query. */
export interface ScanWindow<Row> {
  /** The position after which the window starts; `undefined` at the start of the order. */
  readonly after: EventPosition | undefined;
  /** Highest sequence to offer. */
  readonly asOf: number;
  /** Number of rows to examine. A window may end earlier, for example because its rows are large. */
  readonly size: number;
  /** Number of events that still fit into the page. If the condition is exact, further rows need not be read. */
  readonly room: number;
  /** Adds a row to the page if it matches. Returns `false` once the page is full; the window then ends at this row. */
  readonly offer: (row: Row) => boolean;
  /** Returns whether a window that consists of several steps should end after the current one. */
  readonly shouldEnd: () => boolean;
}

/** The rows that a window has examined. */
export interface WindowEnd {
  /** Position of the last row; `undefined` if no row follows. */
  readonly end: EventPosition | undefined;
  readonly scanned: number;
}

/** The data to scan. */
export interface ScanSource<Row extends Event> {
  readonly clock: Clock;
  /** When the query began, on the monotonic clock. @defaultValue now */
  readonly startedAt?: number;
  readonly epoch: string;
  /** Highest visible sequence. */
  readonly lastSequence: number;
  /** Whether the source offers only rows that match the filter. Other rows are checked with the matcher. */
  readonly isExact: boolean;
  /** @defaultValue 512 rows at first, 16,384 at most, each window twice as large unless one takes 50 ms */
  readonly sizes?: WindowSizes;
  /** Offers the rows of a window in the order of the query, up to `asOf`. */
  readWindow(window: ScanWindow<Row>): WindowEnd | Promise<WindowEnd>;
  /** Returns whether the scan should end before its deadline, with `complete: false`. */
  isInterrupted?(): boolean;
  /** Resolves when the next window may begin. @defaultValue in the next turn of the event loop */
  nextTurn?(): Promise<void>;
}

/** The events of a page. See `createPageEvents`. */
export interface PageRows<Row> {
  readonly count: number;
  /** Whether the page has reached its limit or its maximum bytes. */
  readonly isFull: boolean;
  add(row: Row): void;
}

/** A page without its events. */
export interface ScanResult extends Omit<EventPage, 'events'> {
  readonly statistics: QueryStatistics;
}

const DEFAULT_SIZES: WindowSizes = { first: 512, last: 16_384, growth: 2, slowMs: 50 };

/** Number of rows below which a slow window is not made smaller, because its size is not the cause. */
const SMALLEST_WINDOW = 64;

/**
 * Fills a page window by window, so that a scan of many rows observes its deadline and its signal, holds few rows in memory and
 * no statement open, and yields to the event loop.
 *
 * Rejects with the reason of the signal once it is aborted.
 */
export function scanWindows<Row extends Event>(
  query: EventQuery,
  source: ScanSource<Row>,
  page: PageRows<Row>,
): Promise<ScanResult> {
  return new WindowScan(query, source, page).run();
}

class WindowScan<Row extends Event> {
  readonly #query: EventQuery;
  readonly #source: ScanSource<Row>;
  readonly #page: PageRows<Row>;
  readonly #isSuperset: boolean;
  readonly #matches: Matcher;
  readonly #sizes: WindowSizes;
  readonly #asOf: number;
  readonly #startedAt: number;
  #scanned = 0;

  constructor(query: EventQuery, source: ScanSource<Row>, page: PageRows<Row>) {
    const { filter, isExact } = widenFilter(query.filter);
    this.#query = query;
    this.#source = source;
    this.#page = page;
    this.#isSuperset = !isExact;
    this.#matches = source.isExact ? () => true : createMatcher(filter);
    this.#sizes = source.sizes ?? DEFAULT_SIZES;
    this.#asOf = query.asOf ?? source.lastSequence;
    this.#startedAt = source.startedAt ?? source.clock.monotonic();
  }

  async run(): Promise<ScanResult> {
    const { clock } = this.#source;
    let size = this.#firstSize();
    let after = this.#query.after;
    for (;;) {
      this.#query.signal?.throwIfAborted();
      const windowStartedAt = clock.monotonic();
      const { end, scanned } = await this.#source.readWindow(this.#window(after, size));
      this.#scanned += scanned;
      if (end === undefined || this.#page.isFull) return this.#result(end, true);
      this.#query.signal?.throwIfAborted();
      if (this.#shouldEnd()) return this.#result(end, false);
      size = this.#nextSize(size, clock.monotonic() - windowStartedAt);
      await (this.#source.nextTurn?.() ?? yieldToEventLoop());
      after = end;
    }
  }

  #window(after: EventPosition | undefined, size: number): ScanWindow<Row> {
    const page = this.#page;
    return {
      after,
      asOf: this.#asOf,
      size,
      room: this.#query.limit - page.count,
      offer: (row) => {
        if (this.#matches(row)) page.add(row);
        return !page.isFull;
      },
      shouldEnd: () => this.#shouldEnd(),
    };
  }

  #shouldEnd(): boolean {
    const { signal, deadlineMs = Infinity } = this.#query;
    return (
      signal?.aborted === true ||
      this.#source.isInterrupted?.() === true ||
      this.#source.clock.monotonic() - this.#startedAt >= deadlineMs
    );
  }

  #firstSize(): number {
    const { filter, limit } = this.#query;
    const { first, last } = this.#sizes;
    return filter.kind === 'all' ? Math.min(limit, last) : first;
  }

  #nextSize(size: number, elapsedMs: number): number {
    const { last, growth, slowMs } = this.#sizes;
    if (elapsedMs <= slowMs) return Math.min(last, size * growth);
    return Math.max(Math.min(size, SMALLEST_WINDOW), Math.ceil(size / 2));
  }

  #result(next: EventPosition | undefined, complete: boolean): ScanResult {
    const { epoch, clock } = this.#source;
    const statistics = { scanned: this.#scanned, elapsedMs: clock.monotonic() - this.#startedAt };
    return {
      ...(next === undefined ? {} : { next }),
      complete,
      epoch,
      asOf: this.#asOf,
      ...(this.#isSuperset ? { superset: true } : {}),
      statistics,
    };
  }
}
