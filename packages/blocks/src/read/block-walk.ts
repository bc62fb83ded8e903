import type { EventOrder, EventPosition } from '@vigilant/core';
import type { RowEvent, TimestampRange } from '@vigilant/core/adapter';
import type { BlockHeader } from '../summary/block-summary';
import type { Block } from './block';
import type { WalkOrder } from './order';
import { overlaps, walkOrder } from './order';
import type { Visited } from './row-cursor';
import { RowCursor } from './row-cursor';
import type { TestedRows } from './row-test';

/** Options of a `BlockWalk`. */
export interface WalkOptions extends Visited {
  readonly order: EventOrder;
  readonly range: TimestampRange;
  /** The blocks of one snapshot. Their number is not limited. */
  readonly headers: readonly BlockHeader[];
  readonly open: (header: BlockHeader) => Block;
  /** Finds the rows of a block to visit. */
  readonly candidates: (block: Block) => TestedRows;
}

/**
 * Visits the rows of many blocks in one order. A block is opened only when one of its rows may be next, so a page of newest
 * events opens one or two blocks unless the timestamps of many overlap.
 */
export class BlockWalk {
  readonly #options: WalkOptions;
  readonly #order: WalkOrder;
  /** Blocks that are not open yet, the next one last. */
  readonly #waiting: BlockHeader[];
  /** Cursors with a current row, the next one last. */
  readonly #open: RowCursor[] = [];
  #opened = 0;

  constructor(options: WalkOptions) {
    const { order, after, asOf, range, headers } = options;
    this.#options = options;
    this.#order = walkOrder(order);
    const { compare, startOf, endOf } = this.#order;
    this.#waiting = headers
      .filter((header) => header.firstSequence <= asOf && overlaps(header, range))
      .filter((header) => after === undefined || compare(endOf(header), after) > 0)
      .sort((a, b) => compare(startOf(b), startOf(a)));
  }

  /** The next row, if `advance` has returned `true`. */
  get current(): { readonly position: EventPosition; event(): RowEvent } | undefined {
    const cursor = this.#open.at(-1);
    if (cursor === undefined) return undefined;
    return { position: cursor.position, event: () => cursor.block.event(cursor.row) };
  }

  /**
   * A position after every row that was visited and before every other one, or `undefined` if no row is left. It need not
   * be the position of a row.
   */
  get frontier(): EventPosition | undefined {
    const next = this.#mustOpen() ? this.#nextStart() : this.#open.at(-1)?.position;
    if (next === undefined) return undefined;
    const before = { ...next, sequence: next.sequence + (this.#order.isReversed ? 1 : -1) };
    // The first rows of a block may lie before the start of the walk.
    const { after } = this.#options;
    return after === undefined || this.#order.compare(after, before) < 0 ? before : after;
  }

  /** Estimated memory of the open blocks with rows still to visit, in bytes. */
  get memory(): number {
    return this.#open.reduce((bytes, { block }) => bytes + block.memory, 0);
  }

  /** Number of blocks that were opened. */
  get opened(): number {
    return this.#opened;
  }

  /**
   * Opens blocks until the next row is known, or `maxOpened` have been opened in all. Returns `false` if it is not known
   * yet, or if no row is left; then `frontier` is undefined.
   */
  advance(maxOpened: number): boolean {
    while (this.#mustOpen()) {
      if (this.#opened >= maxOpened) return false;
      this.#openNext();
    }
    return this.#open.length > 0;
  }

  /** Moves past the current row. */
  skip(): void {
    const cursor = this.#open.pop();
    if (cursor?.next() === true) this.#insert(cursor);
  }

  #nextStart(): EventPosition | undefined {
    const header = this.#waiting.at(-1);
    return header === undefined ? undefined : this.#order.startOf(header);
  }

  /** Whether a block that is not open may contain the next row. */
  #mustOpen(): boolean {
    const start = this.#nextStart();
    if (start === undefined) return false;
    const current = this.#open.at(-1)?.position;
    return current === undefined || this.#order.compare(start, current) <= 0;
  }

  #openNext(): void {
    const { open, candidates } = this.#options;
    this.#opened++;
    const block = open(this.#waiting.pop() as BlockHeader);
    const { rows } = candidates(block);
    if (rows === 'none') return;
    const cursor = new RowCursor(block, rows, this.#order, this.#options);
    if (cursor.next()) this.#insert(cursor);
  }

  /** Keeps the cursors in descending order, so that the next one is last. */
  #insert(cursor: RowCursor): void {
    const { position } = cursor;
    let index = this.#open.length;
    while (index > 0 && this.#order.compare((this.#open[index - 1] as RowCursor).position, position) < 0)
      index--;
    this.#open.splice(index, 0, cursor);
  }
}
