import type { EventPosition } from '@vigilant/core';
import type { Block } from './block';
import type { RowSet } from './row-set';
import { hasRow } from './row-set';
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
  readonly #rows: RowSet;
  readonly #order: WalkOrder;
  readonly #asOf: number;
  readonly #timestamps: Float64Array;
  readonly #sequences: Float64Array;
  readonly #byTime: Uint32Array | undefined;
  #index: number;
  #row = -1;

  constructor(block: Block, rows: RowSet, order: WalkOrder, { after, asOf }: Visited) {
    this.block = block;
    this.#rows = rows;
    this.#order = order;
    this.#asOf = asOf;
    this.#timestamps = block.column('timestamp').values;
    this.#sequences = block.column('sequence').values;
    this.#byTime = order.isByTime ? block.byTime() : undefined;
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
    const { count } = this.block.header;
    for (this.#index++; this.#index < count; this.#index++) {
      this.#row = this.#rowAt(this.#index);
      if (hasRow(this.#rows, this.#row) && (this.#sequences[this.#row] as number) <= this.#asOf) return true;
    }
    return false;
  }

  /** Returns the index of the last row that is not behind a position, or -1. */
  #indexOf(position: EventPosition): number {
    let low = 0;
    let high = this.block.header.count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#order.compare(this.#positionOf(this.#rowAt(middle)), position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #rowAt(index: number): number {
    const forward = this.#order.isReversed ? this.block.header.count - 1 - index : index;
    return this.#byTime === undefined ? forward : (this.#byTime[forward] as number);
  }

  #positionOf(row: number): EventPosition {
    return { timestamp: this.#timestamps[row] as number, sequence: this.#sequences[row] as number };
  }
}
