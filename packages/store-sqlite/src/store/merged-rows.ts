import type { BlockWalk } from '@vigilant/blocks';
import type { EventPosition } from '@vigilant/core';
import type { RowEvent } from '@vigilant/core/adapter';

/** Options of `MergedRows`. All events are in one order. */
export interface MergedRowsOptions {
  /** Events that are rows, from the start of the window up to `rowsEnd`. */
  readonly rows: Iterator<RowEvent, undefined>;
  /** Position of the last row that was read; `undefined` if no row follows. */
  readonly rowsEnd: EventPosition | undefined;
  readonly blocks: BlockWalk;
  /** Maximum number of blocks to open. */
  readonly maxOpened: number;
  readonly compare: (a: EventPosition, b: EventPosition) => number;
}

/** The next event of a window. */
export interface MergedRow {
  readonly event: RowEvent;
  readonly position: EventPosition;
  /** Whether it is a row, as opposed to an event in a block. */
  readonly isRow: boolean;
}

/** Merges the events of one window. */
export class MergedRows {
  readonly #options: MergedRowsOptions;
  readonly #maxOpened: number;
  #row: RowEvent | undefined;
  #sealed = 0;

  constructor(options: MergedRowsOptions) {
    this.#options = options;
    this.#maxOpened = options.blocks.opened + options.maxOpened;
    this.#row = options.rows.next().value;
  }

  /** Number of events from blocks so far. */
  get sealed(): number {
    return this.#sealed;
  }

  /** A position after all events of the window and before all others; `undefined` if no other event follows. */
  get end(): EventPosition | undefined {
    const { blocks, rowsEnd, compare } = this.#options;
    const { frontier } = blocks;
    if (frontier === undefined || rowsEnd === undefined) return frontier ?? rowsEnd;
    return compare(frontier, rowsEnd) < 0 ? frontier : rowsEnd;
  }

  /** Returns the next event, or `undefined` at the end of the window. */
  next(): MergedRow | undefined {
    const { blocks, rows, rowsEnd } = this.#options;
    const isKnown = blocks.advance(this.#maxOpened);
    const row = this.#row;
    if (row !== undefined && this.#isBefore(positionOf(row), blocks.frontier)) {
      this.#row = rows.next().value;
      return { event: row, position: positionOf(row), isRow: true };
    }
    const current = isKnown ? blocks.current : undefined;
    // Rows after `rowsEnd` were not read, so they may come first.
    if (current === undefined || !this.#isBefore(current.position, row === undefined ? rowsEnd : undefined))
      return undefined;
    const sealed = { event: current.event(), position: current.position, isRow: false };
    blocks.skip();
    this.#sealed += 1;
    return sealed;
  }

  #isBefore(position: EventPosition, other: EventPosition | undefined): boolean {
    return other === undefined || this.#options.compare(position, other) <= 0;
  }
}

function positionOf({ micros, sequence }: RowEvent): EventPosition {
  return { timestamp: micros, sequence };
}
