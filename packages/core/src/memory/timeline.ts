import type { EventOrder, EventPosition } from '../contracts/query';
import type { StoredEvent } from '../event/event';
import { toMicros } from '../event/micros';

/** One stored event with its size in bytes and its time in microseconds. */
export interface Row {
  readonly event: StoredEvent;
  readonly bytes: number;
  readonly micros: number;
}

/** Rows kept in the two orders that queries ask for. */
export interface Timeline {
  readonly length: number;
  add(row: Row): void;
  /** All rows in order of arrival. */
  rows(): readonly Row[];
  remove(doomed: ReadonlySet<Row>): void;
  /** The row strictly behind a position, or the first of the order; `undefined` at the end. */
  next(order: EventOrder, after: EventPosition | undefined): Row | undefined;
  /** Up to `count` rows from there on. */
  slice(order: EventOrder, after: EventPosition | undefined, count: number): readonly Row[];
}

/** Creates an empty timeline. */
export function createTimeline(): Timeline {
  let byArrival: Row[] = [];
  let byTime: Row[] = [];
  const rowsOf = (order: EventOrder): Row[] => (order === 'arrival' ? byArrival : byTime);

  /** Index of the first row that does not stand before the position, or that stands behind it. */
  const boundary = (order: EventOrder, at: EventPosition, side: 'from' | 'behind'): number => {
    const rows = rowsOf(order);
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const difference = compare(order, rows[middle] as Row, at);
      if (side === 'from' ? difference < 0 : difference <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const slice: Timeline['slice'] = (order, after, count) => {
    const rows = rowsOf(order);
    if (order === 'newest') {
      const end = after === undefined ? rows.length : boundary(order, after, 'from');
      return rows.slice(Math.max(0, end - count), end).reverse();
    }
    const start = after === undefined ? 0 : boundary(order, after, 'behind');
    return rows.slice(start, start + count);
  };

  return {
    get length() {
      return byArrival.length;
    },
    add(row) {
      byArrival.push(row);
      const last = byTime.at(-1);
      const position = { timestamp: row.micros, sequence: row.event.sequence };
      if (last === undefined || compare('oldest', last, position) < 0) byTime.push(row);
      else byTime.splice(boundary('oldest', position, 'from'), 0, row);
    },
    rows: () => byArrival,
    remove(doomed) {
      byArrival = byArrival.filter((row) => !doomed.has(row));
      byTime = byTime.filter((row) => !doomed.has(row));
    },
    next: (order, after) => slice(order, after, 1)[0],
    slice,
  };
}

/** The position of a row, as cursors hold it. */
export function positionOf(row: Row): EventPosition {
  return { timestamp: row.micros, sequence: row.event.sequence };
}

/** Makes a row of an event. */
export function toRow(event: StoredEvent, bytes: number): Row {
  return { event, bytes, micros: toMicros(event.timestamp) };
}

function compare(order: EventOrder, row: Row, at: EventPosition): number {
  const byTime = order === 'arrival' ? 0 : row.micros - at.timestamp;
  return byTime || row.event.sequence - at.sequence;
}
