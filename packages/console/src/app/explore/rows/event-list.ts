import type { ApiEvent } from '../../api/types';
import { Ring } from './ring';

/** A row: an event, or a place at which events are missing. */
export type Row = EventRow | GapRow;

export interface EventRow {
  readonly kind: 'event';
  readonly id: string;
  readonly event: ApiEvent;
}

/**
 * Why events are missing: they arrived too `fast` or while the list was `paused`, the reader was too `slow`, they were
 * `pruned`, the store has another `epoch`, the connection was lost and restored (`reconnect`), or they are `gone`.
 */
export type GapReason = 'fast' | 'paused' | 'slow' | 'pruned' | 'epoch' | 'reconnect' | 'gone';

export interface GapRow {
  readonly kind: 'gap';
  readonly id: string;
  /** Number of missing events, if known. */
  readonly missed?: number | undefined;
  readonly reason: GapReason;
  /** Ids of the missing events. Empty or absent if they are not known. */
  readonly ids?: readonly string[] | undefined;
  /** Times around the gap, earlier first. */
  readonly since: string;
  readonly until: string;
}

/** Maximum number of rows in memory. With rows of 48 px, their height stays below the limits of all browsers. */
export const MAX_ROWS = 250_000;

/**
 * The loaded rows, newest first. No id occurs twice. While the list is full, rows that are added at one end evict those at
 * the other end.
 *
 * The rows are not part of the reactive state: `onChange` is called after each change.
 */
export class EventList {
  readonly #rows = new Ring<Row>();
  readonly #positions = new Map<string, number>();
  #gaps = 0;
  #evictedNewer = 0;
  #evictedUntil: number | undefined;
  readonly #max: number;
  readonly #onChange: () => void;

  constructor(onChange: () => void = () => {}, max = MAX_ROWS) {
    this.#onChange = onChange;
    this.#max = max;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Number of rows that are events. */
  get eventCount(): number {
    return this.length - this.#gaps;
  }

  /** Number of rows that were evicted at the start. */
  get evictedNewer(): number {
    return this.#evictedNewer;
  }

  /** A time in milliseconds after all rows that were evicted at the end, or `undefined` if none were. */
  get evictedUntil(): number | undefined {
    return this.#evictedUntil;
  }

  /** Position of the first row. The position of a row stays the same while rows are added or evicted. */
  get first(): number {
    return this.#rows.first;
  }

  at(index: number): Row | undefined {
    return this.#rows.at(this.first + index);
  }

  slice(start: number, end: number): readonly Row[] {
    return this.#rows.slice(this.first + start, this.first + end);
  }

  /** Returns the index of a row, or -1. */
  indexOf(id: string): number {
    const position = this.#positions.get(id);
    return position === undefined ? -1 : position - this.first;
  }

  /** Finds the next row that passes a test, in a direction. Returns -1 if there is none. */
  find(from: number, direction: 1 | -1, test: (row: Row) => boolean): number {
    for (let index = from + direction; index >= 0 && index < this.length; index += direction) {
      const row = this.at(index);
      if (row !== undefined && test(row)) return index;
    }
    return -1;
  }

  /** Replaces all rows. */
  replace(events: readonly ApiEvent[]): void {
    this.#rows.clear();
    this.#positions.clear();
    this.#gaps = 0;
    this.#evictedNewer = 0;
    this.#evictedUntil = undefined;
    this.append(events);
  }

  /** Adds older events at the end. Returns how many were not in the list. */
  append(events: readonly ApiEvent[]): number {
    const before = this.length;
    for (const event of events) this.#push({ kind: 'event', id: event.id, event });
    const added = this.length - before;
    for (; this.length > this.#max; this.#evictedNewer++) this.#forget(this.#rows.shift());
    this.#onChange();
    return added;
  }

  /** Adds newer rows at the start, newest first. Returns how many were not in the list. */
  prepend(rows: readonly Row[]): number {
    const added = rows.filter(({ id }) => !this.#positions.has(id));
    for (const row of added.reverse()) this.#remember(row, this.#rows.unshift(row));
    this.#evictOldest();
    this.#onChange();
    return added.length;
  }

  /** Replaces a row, such as a gap by its events and the rest of the gap. */
  replaceRow(id: string, events: readonly ApiEvent[], rest: readonly GapRow[] = []): void {
    const index = this.indexOf(id);
    if (index === -1) return;
    const added = events.filter((event) => !this.#positions.has(event.id));
    const below = this.slice(index + 1, this.length);
    while (this.length > index) this.#forget(this.#rows.pop());
    for (const event of added) this.#push({ kind: 'event', id: event.id, event });
    for (const row of rest) this.#push(row);
    for (const row of below) this.#push(row);
    this.#evictOldest();
    this.#onChange();
  }

  /** Returns `evictedUntil` and clears it: the caller loads these rows again. */
  takeEvictedUntil(): number | undefined {
    const until = this.#evictedUntil;
    this.#evictedUntil = undefined;
    return until;
  }

  #push(row: Row): void {
    if (!this.#positions.has(row.id)) this.#remember(row, this.#rows.push(row));
  }

  #remember({ id, kind }: Row, position: number): void {
    this.#positions.set(id, position);
    if (kind === 'gap') this.#gaps++;
  }

  #forget(row: Row | undefined): void {
    if (row === undefined) return;
    this.#positions.delete(row.id);
    if (row.kind === 'gap') this.#gaps--;
  }

  /** Also evicts a gap at the end: its events are loaded again together with the evicted ones. */
  #evictOldest(): void {
    if (this.length <= this.#max) return;
    while (this.length > this.#max || this.at(this.length - 1)?.kind === 'gap') {
      const row = this.#rows.pop();
      this.#forget(row);
      if (row !== undefined) this.#evictedUntil = Math.max(this.#evictedUntil ?? -Infinity, endOf(row));
    }
  }
}

/** Returns the first millisecond after a row. */
function endOf(row: Row): number {
  return row.kind === 'gap' ? Date.parse(row.until) : Date.parse(row.event.timestamp) + 1;
}
