import { BlockWalk, compileCandidates, walkOrder } from '@vigilant/blocks';
import type { Block, TestedRows } from '@vigilant/blocks';
import type { EventPosition } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import type {
  PageRows,
  RowEvent,
  ScanResult,
  ScanWindow,
  SqlCondition,
  TimestampRange,
  WindowEnd,
} from '@vigilant/core/adapter';
import { scanWindows, timeRangeOf, widenFilter } from '@vigilant/core/adapter';
import type { SqliteConnection, SqlRow, SqlValue } from '../sqlite/driver';
import { inSnapshot } from '../sqlite/transaction';
import type { Transfer, WorkerCallContext } from '../thread/messages';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { compile } from '../rows/filter-sql';
import { MergedRows } from './merged-rows';
import { PackedEvents } from './packed-events';
import { PackedLines } from './packed-lines';
import { readRow } from '../rows/row';
import type { ScanRequest } from './store-protocol';
import type { EventWalk } from '../rows/walk';
import { createWalk } from '../rows/walk';

/** Characters that one window may read into memory before it ends early. */
const WINDOW_CHARACTERS = 4 * 1024 * 1024;

/** A window of this many rows opens one block. */
const ROWS_PER_BLOCK = 256;

/** A page that can be sent to the host. */
interface PackedPageRows extends PageRows<RowEvent> {
  pack(rest: ScanResult): Transfer;
}

/** Finds a page of events. */
export function scan(
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer> {
  return scanInto(new PackedEvents(request), connection, request, context);
}

/** Finds a page of events as lines of JSON. Returns `undefined` if the filter has parts of a later version. */
export async function scanLines(
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer | undefined> {
  if (!widenFilter(request.filter).isExact) return undefined;
  return scanInto(new PackedLines(request), connection, request, context);
}

/**
 * Fills a page with events, window by window.
 *
 * Between windows it can stop at a deadline or after a cancellation, and other calls of the thread run. No statement
 * stays open between windows, and no window reads more than some MiB of rows into memory.
 */
async function scanInto(
  page: PackedPageRows,
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer> {
  const [epoch, lastSequence] = connection.prepare('SELECT epoch, last_sequence FROM store').get() as [
    string,
    number,
  ];
  const windows = new Windows(connection, request, lastSequence);
  const rest = await scanWindows(
    request,
    {
      clock: systemClock,
      epoch,
      lastSequence,
      isExact: false,
      readWindow: (window) => inSnapshot(connection, () => windows.read(window)),
      isInterrupted: () => context.isCancelled(),
    },
    page,
  );
  return page.pack(rest);
}

/** Merges the rows of the table and of the blocks in the order of a query. */
class Windows {
  readonly #connection: SqliteConnection;
  readonly #request: ScanRequest;
  readonly #asOf: number;
  readonly #range: TimestampRange;
  readonly #condition: SqlCondition<SqlValue>;
  readonly #candidates: (block: Block) => TestedRows;
  readonly #compare: (a: EventPosition, b: EventPosition) => number;
  readonly #rows: EventWalk;
  #blocks: BlockWalk | undefined;
  #version = '';

  constructor(connection: SqliteConnection, request: ScanRequest, lastSequence: number) {
    const { filter, order, asOf = lastSequence } = request;
    this.#connection = connection;
    this.#request = request;
    this.#asOf = asOf;
    this.#range = timeRangeOf(filter);
    this.#condition = compile(filter);
    this.#candidates = compileCandidates(widenFilter(filter).filter);
    this.#compare = walkOrder(order).compare;
    this.#rows = createWalk(connection, order, asOf, this.#range);
  }

  /** Offers the next rows; fewer than the window has if the page is full or the rows are large. */
  read({ after, size, room, offer }: ScanWindow<RowEvent>): WindowEnd {
    const rowsEnd = this.#rows.skip(after, size);
    const limit = this.#condition.isExact ? room : size;
    const rows = readRows(this.#rows.rows(after, rowsEnd, this.#condition, limit));
    try {
      const merged = new MergedRows({
        rows,
        rowsEnd,
        blocks: this.#blockWalk(after),
        maxOpened: Math.max(1, Math.floor(size / ROWS_PER_BLOCK)),
        compare: this.#compare,
      });
      const end = offerAll(merged, size, offer);
      const scanned = end === rowsEnd && end !== undefined ? size : this.#rows.count(after, end);
      return { end, scanned: merged.sealed + scanned };
    } finally {
      // Ends the statement.
      rows.return(undefined);
    }
  }

  /**
   * Continues the walk through the blocks, or begins it again if they have changed. Blocks of later events do not count:
   * a walk that begins again opens its blocks again, so it would not end while events are stored quickly.
   */
  #blockWalk(after: EventPosition | undefined): BlockWalk {
    const blocks = sealedBlocks(this.#connection);
    blocks.refresh();
    const version = blocks.versionOf(this.#asOf);
    if (this.#blocks !== undefined && this.#version === version) return this.#blocks;
    this.#version = version;
    this.#blocks = new BlockWalk({
      order: this.#request.order,
      range: this.#range,
      headers: blocks.headers,
      open: (header) => blocks.open(header),
      candidates: this.#candidates,
      after,
      asOf: this.#asOf,
    });
    return this.#blocks;
  }
}

/** Offers events until the window ends. Returns the position at which it ends. */
function offerAll(
  merged: MergedRows,
  size: number,
  offer: ScanWindow<RowEvent>['offer'],
): EventPosition | undefined {
  let characters = 0;
  for (let visited = 1; ; visited += 1) {
    const next = merged.next();
    if (next === undefined) return merged.end;
    const { event, position, isRow } = next;
    const isWanted = offer(event);
    if (isRow) characters += event.message.length + event.dataJson.length;
    if (!isWanted || characters >= WINDOW_CHARACTERS || visited === size) return position;
  }
}

function* readRows(rows: Iterable<SqlRow>): Generator<RowEvent, undefined> {
  for (const row of rows) yield readRow(row);
  return undefined;
}
