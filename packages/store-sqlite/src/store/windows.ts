import { BlockWalk, compileCandidates, walkOrder } from '@vigilant/blocks';
import type { Block, TestedRows } from '@vigilant/blocks';
import type { EventOrder, EventPosition, Filter } from '@vigilant/core';
import type { RowEvent, ScanWindow, SqlCondition, TimestampRange, WindowEnd } from '@vigilant/core/adapter';
import { timeRangeOf, widenFilter } from '@vigilant/core/adapter';
import type { SqliteConnection, SqlRow, SqlValue } from '../sqlite/driver';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { compile } from '../rows/filter-sql';
import { readRow } from '../rows/row';
import type { EventWalk } from '../rows/walk';
import { createWalk } from '../rows/walk';
import { MergedRows } from './merged-rows';

/** Characters that one window may read into memory before it ends early. */
const WINDOW_CHARACTERS = 4 * 1024 * 1024;

/** A window of this many rows opens one block. */
const ROWS_PER_BLOCK = 256;

/** The events that windows read. */
export interface WindowQuery {
  readonly filter: Filter;
  readonly order: EventOrder;
  /** Highest sequence. */
  readonly asOf: number;
}

/** Merges the rows of the table and of the blocks in the order of a query. */
export class Windows {
  readonly query: WindowQuery;
  readonly #connection: SqliteConnection;
  readonly #range: TimestampRange;
  readonly #condition: SqlCondition<SqlValue>;
  readonly #candidates: (block: Block) => TestedRows;
  readonly #compare: (a: EventPosition, b: EventPosition) => number;
  readonly #rows: EventWalk;
  #blocks: BlockWalk | undefined;
  #version = '';

  constructor(connection: SqliteConnection, query: WindowQuery) {
    const { filter, order, asOf } = query;
    this.query = query;
    this.#connection = connection;
    this.#range = timeRangeOf(filter);
    this.#condition = compile(filter);
    this.#candidates = compileCandidates(widenFilter(filter).filter);
    this.#compare = walkOrder(order).compare;
    this.#rows = createWalk(connection, order, asOf, this.#range);
  }

  /** Estimated memory of the open blocks, in bytes. */
  get memory(): number {
    return this.#blocks?.memory ?? 0;
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
    const { order, asOf } = this.query;
    const blocks = sealedBlocks(this.#connection);
    blocks.refresh();
    const version = blocks.versionOf(asOf);
    if (this.#blocks !== undefined && this.#version === version) return this.#blocks;
    this.#version = version;
    this.#blocks = new BlockWalk({
      order,
      range: this.#range,
      headers: blocks.headers,
      open: (header) => blocks.open(header),
      candidates: this.#candidates,
      after,
      asOf,
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
