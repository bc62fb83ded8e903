import type { EventPosition } from '@vigilant/core';
import type { Block } from './block';
import { rowsIn, sortByTime, valuesAt } from './row-order';
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
  /** The timestamps and sequences of these rows. */
  readonly #timestamps: Float64Array;
  readonly #sequences: Float64Array;
  #index: number;
  #row = -1;

  constructor(block: Block, rows: RowSet, order: WalkOrder, { after, asOf }: Visited) {
    this.block = block;
    this.#order = order;
    this.#asOf = asOf;
    this.#rows = orderedRows(block, rows, order);
    this.#timestamps = block.read('timestamp', (column) => valuesAt(column, this.#rows));
    this.#sequences = block.read('sequence', (column) => valuesAt(column, this.#rows));
    this.#index = after === undefined ? -1 : this.#indexOf(after);
  }

  /** The current row. */
  get row(): number {
    return this.#row;
  }

  /** The position of the current row. */
  get position(): EventPosition {
    return this.#positionOf(this.#index);
  }

  /** Moves to the next row. Returns `false` if there is none. */
  next(): boolean {
    for (this.#index++; this.#index < this.#rows.length; this.#index++) {
      const at = this.#placeOf(this.#index);
      this.#row = this.#rows[at] as number;
      if ((this.#sequences[at] as number) <= this.#asOf) return true;
    }
    return false;
  }

  /** Returns the index of the last row that is not after a position, or -1. */
  #indexOf(position: EventPosition): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#order.compare(this.#positionOf(middle), position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Returns the place in `#rows` of the row that is visited as number `index`. */
  #placeOf(index: number): number {
    return this.#order.isReversed ? this.#rows.length - 1 - index : index;
  }

  #positionOf(index: number): EventPosition {
    const at = this.#placeOf(index);
    return { timestamp: this.#timestamps[at] as number, sequence: this.#sequences[at] as number };
  }
}

/** Returns the rows of a set in ascending order of the walk. Few rows are sorted faster than the whole block. */
function orderedRows(block: Block, rows: RowSet, { isByTime }: WalkOrder): Uint32Array {
  if (rows === 'all' && isByTime) return block.byTime();
  const { count } = block.header;
  if (!isByTime) return rowsIn(rows, count);
  return block.read('timestamp', (column) => sortByTime(rowsIn(rows, count), column));
}
