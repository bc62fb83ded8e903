import {
  createMatcher,
  createWorkSlicer,
  timeRangeOf,
  widenFilter,
  yieldToEventLoop,
} from '@vigilant/core/adapter';
import type { Clock, Event, EventPage, EventPosition, EventQuery } from '@vigilant/core';
import type { UseSession } from '../connection/mysql-session';
import type { StoreState } from '../pool/store-state';
import type { Tables } from '../sql/tables';
import { fetchRows, groupsOf } from './fetch-rows';
import { compile } from './filter-sql';
import type { PageEvents } from './page-events';
import { createPageEvents } from './page-events';
import type { Candidate, RowWalk, RowWindow } from './window';
import { boundsOf, readWindow } from './window';

/** Rows examined by the first statement, and the maximum. Most pages fill soon, and rare matches need many rows. */
const FIRST_WINDOW = 64;
const LAST_WINDOW = 4_096;
const GROWTH = 4;

/** Bytes of rows examined by one statement, estimated from the rows before. */
const WINDOW_BYTES = 16 * 1024 * 1024;

/** Dependencies of `scan`. */
export interface ScanParts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly readState: () => Promise<StoreState>;
  /** Runs statements on a session. A scan does not hold a session while it decodes. */
  readonly use: UseSession;
  /** Throws if the store was closed. */
  readonly throwIfEnded: () => void;
}

/** Finds a page of events, window by window, so that it can stop at a deadline or at its signal. */
export async function scan(query: EventQuery, parts: ScanParts): Promise<EventPage> {
  const { tables, clock, use } = parts;
  const startedAt = clock.monotonic();
  const { epoch, lastSequence } = await parts.readState();
  const asOf = query.asOf ?? lastSequence;
  const { order } = query;
  const { filter, isExact } = widenFilter(query.filter);
  const condition = compile(filter);
  const bounds = await use((session) => boundsOf(session, tables, order, timeRangeOf(filter)));
  const search = new PageSearch(query, parts, {
    walk: { tables, order, bounds, condition, asOf },
    matches: condition.isExact ? () => true : createMatcher(filter),
    deadline: startedAt + (query.deadlineMs ?? Infinity),
  });
  const { next, complete } = await search.run();
  const { events, scanned } = search;
  const statistics = { scanned, elapsedMs: clock.monotonic() - startedAt };
  const page: EventPage = { events, complete, epoch, asOf, superset: !isExact, statistics };
  return next === undefined ? page : { ...page, next };
}

/** What a search looks for. */
interface Target {
  readonly walk: RowWalk;
  readonly matches: (event: Event) => boolean;
  /** On the monotonic clock. */
  readonly deadline: number;
}

/** How a search ended; see `EventPage`. */
interface SearchEnd {
  readonly next: EventPosition | undefined;
  readonly complete: boolean;
}

/** Fills one page. */
class PageSearch {
  readonly #query: EventQuery;
  readonly #parts: ScanParts;
  readonly #target: Target;
  readonly #page: PageEvents;
  readonly #slicer = createWorkSlicer();
  #scanned = 0;
  #position: EventPosition | undefined;
  #size = FIRST_WINDOW;

  constructor(query: EventQuery, parts: ScanParts, target: Target) {
    this.#query = query;
    this.#parts = parts;
    this.#target = target;
    this.#page = createPageEvents(query.limit, query.maxBytes);
    this.#position = query.after;
  }

  get events(): EventPage['events'] {
    return this.#page.events;
  }

  get scanned(): number {
    return this.#scanned;
  }

  async run(): Promise<SearchEnd> {
    for (;;) {
      const { candidates, end } = await this.#nextWindow();
      for (const group of groupsOf(candidates)) {
        this.#throwIfEnded();
        const next = await this.#addGroup(group);
        if (next !== undefined) return { next, complete: true };
        if (this.#isLate()) return { next: positionOf(group.at(-1) as Candidate), complete: false };
      }
      this.#position = end;
      if (end === undefined) return { next: undefined, complete: true };
      if (this.#isLate()) return { next: end, complete: false };
      await yieldToEventLoop();
      this.#throwIfEnded();
    }
  }

  /** Reads the next window, without the candidates beyond the page. */
  async #nextWindow(): Promise<Pick<RowWindow, 'candidates' | 'end'>> {
    const { walk } = this.#target;
    const room = this.#query.limit - this.events.length;
    // If every row matches, the window needs no more rows than the page.
    const size = this.#query.filter.kind === 'all' ? Math.min(LAST_WINDOW, room) : this.#size;
    const window = await this.#parts.use((session) => readWindow(session, walk, this.#position, size));
    this.#scanned += window.scanned;
    this.#size = nextSize(this.#size, window);
    // If SQL alone decides what matches, nothing beyond the page is fetched.
    if (!walk.condition.isExact || window.candidates.length <= room) return window;
    const candidates = window.candidates.slice(0, room);
    return { candidates, end: positionOf(candidates.at(-1) as Candidate) };
  }

  /** Adds the matching events of a group. Returns the position of the last one if the page is full. */
  async #addGroup(group: readonly Candidate[]): Promise<EventPosition | undefined> {
    const { walk, matches } = this.#target;
    const rows = await this.#parts.use((session) => fetchRows(session, walk.tables, group));
    for (const candidate of group) {
      const event = rows.get(candidate.sequence);
      // Pruned between the two statements.
      if (event === undefined) continue;
      await this.#slicer.count(event.dataJson.length + event.message.length);
      if (!matches(event)) continue;
      this.#page.add(event, candidate.bytes);
      if (this.#page.isFull) return positionOf(candidate);
    }
    return undefined;
  }

  #isLate(): boolean {
    return this.#parts.clock.monotonic() >= this.#target.deadline;
  }

  #throwIfEnded(): void {
    this.#parts.throwIfEnded();
    this.#query.signal?.throwIfAborted();
  }
}

/** Returns the number of rows to examine after a window. */
function nextSize(size: number, { bytes, scanned }: RowWindow): number {
  const fitting = Math.ceil(WINDOW_BYTES / (bytes / Math.max(1, scanned)));
  return Math.min(size * GROWTH, LAST_WINDOW, fitting);
}

function positionOf({ timestamp, sequence }: Candidate): EventPosition {
  return { timestamp, sequence };
}
