import type { EventPosition } from '@vigilant/core';
import type { IntegerColumn } from '../block/columns';
import type { Block } from './block';
import { rowsIn, sortByTime } from './row-order';
import type { RowSet } from './row-set';
import type { WalkOrder } from './order';

/** The rows of a walk that are visited. */
export interface Visited {
  /** Rows up to this position are left out. */
  readonly after: EventPosition | undefined;
  /** Highest sequence. */
  readonly asOf: number;
}

/** Visits some rows of a block in one order. */
export class RowCursor {
  readonly block: Block;
  /** The rows to visit, in the order of the walk or, if that is reversed, backwards. */
  readonly #rows: Uint32Array;
  readonly #order: WalkOrder;
  readonly #asOf: number;
  readonly #timestamps: IntegerColumn;
  readonly #sequences: IntegerColumn;
  #index: number;
  #row = -1;

  constructor(block: Block, rows: RowSet, order: WalkOrder, { after, asOf }: Visited) {
    this.block = block;
    this.#order = order;
    this.#asOf = asOf;
    this.#timestamps = block.column('timestamp');
    this.#sequences = block.column('sequence');
    this.#rows = orderedRows(block, rows, order);
    this.#index = after === undefined ? -1 : this.#indexOf(after);
  }

  /** The current row. */
  get row(): number {
    return this.#row;
  }

  /** The position of the current row. */
  get position(): EventPosition {
    return this.#positionOf(this.#row);
  }

  /** Moves to the next row. Returns `false` if there is none. */
  next(): boolean {
    for (this.#index++; this.#index < this.#rows.length; this.#index++) {
      this.#row = this.#rowAt(this.#index);
      if (this.#sequences.get(this.#row) <= this.#asOf) return true;
    }
    return false;
  }

  /** Returns the index of the last row that is not behind a position, or -1. */
  #indexOf(position: EventPosition): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#order.compare(this.#positionOf(this.#rowAt(middle)), position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #rowAt(index: number): number {
    return this.#rows[this.#order.isReversed ? this.#rows.length - 1 - index : index] as number;
  }

  #positionOf(row: number): EventPosition {
    return { timestamp: this.#timestamps.get(row), sequence: this.#sequences.get(row) };
  }
}

/** Returns the rows of a set in ascending order of the walk. Few rows are sorted faster than the whole block. */
function orderedRows(block: Block, rows: RowSet, { isByTime }: WalkOrder): Uint32Array {
  if (rows === 'all' && isByTime) return block.byTime();
  const found = rowsIn(rows, block.header.count);
  return isByTime ? sortByTime(found, block.column('timestamp')) : found;
}
