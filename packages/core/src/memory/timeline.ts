import type { EventOrder, EventPosition } from '../contracts/query';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/timestamp';

/** A stored event with its size in bytes and its timestamp in microseconds. */
export interface Row {
  readonly event: StoredEvent;
  readonly bytes: number;
  readonly micros: number;
}

/** Rows, sorted by arrival and by time. */
export interface Timeline {
  readonly length: number;
  add(row: Row): void;
  /** Returns all rows in order of arrival. */
  rows(): readonly Row[];
  remove(expired: ReadonlySet<Row>): void;
  /** Returns the first row after a position, or the first row of the order; `undefined` at the end. */
  next(order: EventOrder, after: EventPosition | undefined): Row | undefined;
  /** Returns up to `count` rows after a position, or from the start of the order. */
  slice(order: EventOrder, after: EventPosition | undefined, count: number): readonly Row[];
}

/** Creates an empty timeline. */
export function createTimeline(): Timeline {
  return new SortedTimeline();
}

class SortedTimeline implements Timeline {
  #byArrival: Row[] = [];
  #byTime: Row[] = [];

  get length(): number {
    return this.#byArrival.length;
  }

  add(row: Row): void {
    this.#byArrival.push(row);
    const last = this.#byTime.at(-1);
    const position = positionOf(row);
    if (last === undefined || compare('oldest', last, position) < 0) this.#byTime.push(row);
    else this.#byTime.splice(this.#lowerBound('oldest', position), 0, row);
  }

  rows(): readonly Row[] {
    return this.#byArrival;
  }

  remove(expired: ReadonlySet<Row>): void {
    this.#byArrival = this.#byArrival.filter((row) => !expired.has(row));
    this.#byTime = this.#byTime.filter((row) => !expired.has(row));
  }

  next(order: EventOrder, after: EventPosition | undefined): Row | undefined {
    return this.slice(order, after, 1)[0];
  }

  slice(order: EventOrder, after: EventPosition | undefined, count: number): readonly Row[] {
    const rows = this.#rowsOf(order);
    if (order === 'newest') {
      const end = after === undefined ? rows.length : this.#lowerBound(order, after);
      return rows.slice(Math.max(0, end - count), end).reverse();
    }
    const start = after === undefined ? 0 : this.#upperBound(order, after);
    return rows.slice(start, start + count);
  }

  /** Returns the index of the first row at or after a position. */
  #lowerBound(order: EventOrder, at: EventPosition): number {
    return this.#search(order, (row) => compare(order, row, at) < 0);
  }

  /** Returns the index of the first row after a position. */
  #upperBound(order: EventOrder, at: EventPosition): number {
    return this.#search(order, (row) => compare(order, row, at) <= 0);
  }

  /** Returns the index of the first row that is not before the boundary, by binary search. */
  #search(order: EventOrder, isBefore: (row: Row) => boolean): number {
    const rows = this.#rowsOf(order);
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(rows[middle] as Row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #rowsOf(order: EventOrder): Row[] {
    return order === 'arrival' ? this.#byArrival : this.#byTime;
  }
}

/** Returns the position of a row, as cursors contain it. */
export function positionOf(row: Row): EventPosition {
  return { timestamp: row.micros, sequence: row.event.sequence };
}

/** Creates the row of an event. */
export function toRow(event: StoredEvent, bytes: number): Row {
  return { event, bytes, micros: toMicros(event.timestamp) };
}

/** Compares a row with a position. Positions with `newest` ascend too; `slice` reverses the rows. */
function compare(order: EventOrder, row: Row, at: EventPosition): number {
  const byTime = order === 'arrival' ? 0 : row.micros - at.timestamp;
  return byTime || row.event.sequence - at.sequence;
}
