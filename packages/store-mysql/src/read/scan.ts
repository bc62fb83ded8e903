import { createWorkSlicer, scanWindows, timeRangeOf } from '@vigilant/core/adapter';
import type { RowEvent, ScanWindow, WindowEnd } from '@vigilant/core/adapter';
import type { Clock, EventPage, EventPosition, EventQuery } from '@vigilant/core';
import type { UseSession } from '../connection/mysql-session';
import type { StoreState } from '../pool/store-state';
import type { Tables } from '../sql/tables';
import { fetchRows, groupsOf } from './fetch-rows';
import { compile } from './filter-sql';
import { createMeasuredPage } from './measured-page';
import type { Candidate, RowWalk, RowWindow } from './window';
import { boundsOf, readWindow } from './window';

/** Windows start small and grow quickly, because their statements return no text. A round trip alone does not shrink them. */
const WINDOW_SIZES = { first: 64, last: 4_096, growth: 4, slowMs: 1_000 };

/** Bytes of rows examined by one statement, estimated from the previous window. */
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

/** Finds a page of events, window by window. */
export async function scan(query: EventQuery, parts: ScanParts): Promise<EventPage> {
  const { tables, clock, use } = parts;
  const startedAt = clock.monotonic();
  const { epoch, lastSequence } = await parts.readState();
  const { filter, order, asOf = lastSequence } = query;
  const condition = compile(filter);
  const bounds = await use((session) => boundsOf(session, tables, order, timeRangeOf(filter)));
  const reader = new WindowReader(parts, { tables, order, bounds, condition, asOf });
  const page = createMeasuredPage(query.limit, query.maxBytes);
  const rest = await scanWindows(
    query,
    {
      clock,
      startedAt,
      epoch,
      lastSequence,
      isExact: condition.isExact,
      sizes: WINDOW_SIZES,
      readWindow: (window) => reader.read(window),
    },
    page,
  );
  return { events: page.events, ...rest };
}

/** Reads the windows of a walk: first the positions of the rows that meet the condition, then groups of these rows. */
class WindowReader {
  readonly #parts: ScanParts;
  readonly #walk: RowWalk;
  readonly #slicer = createWorkSlicer();
  /** Number of rows that have `WINDOW_BYTES`, estimated from the previous window. */
  #fitting = Infinity;

  constructor(parts: ScanParts, walk: RowWalk) {
    this.#parts = parts;
    this.#walk = walk;
  }

  async read(window: ScanWindow<RowEvent>): Promise<WindowEnd> {
    this.#parts.throwIfEnded();
    const { candidates, end, scanned } = await this.#findCandidates(window);
    for (const group of groupsOf(candidates)) {
      this.#parts.throwIfEnded();
      const last = await this.#offerGroup(group, window);
      if (last !== undefined) return { end: positionOf(last), scanned };
      if (window.shouldEnd()) return { end: positionOf(group.at(-1) as Candidate), scanned };
    }
    return { end, scanned };
  }

  /** Finds the candidates of a window. Omits those beyond the page if SQL alone decides which rows match. */
  async #findCandidates({ after, size, room }: ScanWindow<RowEvent>): Promise<RowWindow> {
    const rows = Math.min(size, this.#fitting);
    const window = await this.#parts.use((session) => readWindow(session, this.#walk, after, rows));
    this.#fitting = Math.ceil(WINDOW_BYTES / (window.bytes / Math.max(1, window.scanned)));
    if (!this.#walk.condition.isExact || window.candidates.length <= room) return window;
    const candidates = window.candidates.slice(0, room);
    return { ...window, candidates, end: positionOf(candidates.at(-1) as Candidate) };
  }

  /** Offers the events of a group. Returns the last one if the page is full. */
  async #offerGroup(
    group: readonly Candidate[],
    { offer }: ScanWindow<RowEvent>,
  ): Promise<Candidate | undefined> {
    const rows = await this.#parts.use((session) => fetchRows(session, this.#walk.tables, group));
    for (const candidate of group) {
      const event = rows.get(candidate.sequence);
      // Pruned between the two statements.
      if (event === undefined) continue;
      await this.#slicer.count(event.dataJson.length + event.message.length);
      if (!offer(event)) return candidate;
    }
    return undefined;
  }
}

function positionOf({ timestamp, sequence }: Candidate): EventPosition {
  return { timestamp, sequence };
}
