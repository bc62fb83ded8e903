import type { ApiEvent } from '../../api/types';

/** A row: an event, or a place at which events are missing. */
export type Row = EventRow | GapRow;

export interface EventRow {
  readonly kind: 'event';
  readonly id: string;
  readonly event: ApiEvent;
}

/**
 * Why events are missing: they arrived too `fast` or while the list was `paused`, the reader was too `slow`, they were
 * `pruned`, the store has another `epoch`, or the connection was lost and is back (`reconnect`), or they are `gone`.
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
 * The loaded rows, newest first. No id occurs twice.
 *
 * The rows are not part of the reactive state: `onChange` is called after each change.
 */
export class EventList {
  #rows: Row[] = [];
  /** Positions by id, counted from an origin that does not move when rows are added at the start. */
  readonly #positions = new Map<string, number>();
  #first = 0;
  #hasEvicted = false;
  readonly #max: number;
  readonly #onChange: () => void;

  constructor(onChange: () => void = () => {}, max = MAX_ROWS) {
    this.#onChange = onChange;
    this.#max = max;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Whether no further row can be appended. */
  get isFull(): boolean {
    return this.#rows.length >= this.#max;
  }

  /** Whether the oldest rows left to make room for newer ones. */
  get hasEvicted(): boolean {
    return this.#hasEvicted;
  }

  /** Position of the first row. It decreases when rows are added at the start, so the difference is their number. */
  get first(): number {
    return this.#first;
  }

  at(index: number): Row | undefined {
    return this.#rows[index];
  }

  slice(start: number, end: number): readonly Row[] {
    return this.#rows.slice(start, end);
  }

  /** Returns the index of a row, or -1. */
  indexOf(id: string): number {
    const position = this.#positions.get(id);
    return position === undefined ? -1 : position - this.#first;
  }

  /** Finds the next row that passes a test, in a direction. Returns -1 if there is none. */
  find(from: number, direction: 1 | -1, test: (row: Row) => boolean): number {
    for (let index = from + direction; index >= 0 && index < this.#rows.length; index += direction) {
      const row = this.#rows[index];
      if (row !== undefined && test(row)) return index;
    }
    return -1;
  }

  /** Replaces all rows. */
  replace(events: readonly ApiEvent[]): void {
    this.#rows = [];
    this.#positions.clear();
    this.#first = 0;
    this.#hasEvicted = false;
    this.append(events);
  }

  /** Adds older events at the end, as many as fit. */
  append(events: readonly ApiEvent[]): void {
    for (const event of events) {
      if (this.isFull) break;
      if (this.#positions.has(event.id)) continue;
      this.#positions.set(event.id, this.#first + this.#rows.length);
      this.#rows.push({ kind: 'event', id: event.id, event });
    }
    this.#onChange();
  }

  /** Adds newer rows at the start, newest first. The oldest rows leave if the list is full. Returns how many were added. */
  prepend(rows: readonly Row[]): number {
    const added = rows.filter(({ id }) => !this.#positions.has(id));
    this.#first -= added.length;
    for (const [index, { id }] of added.entries()) this.#positions.set(id, this.#first + index);
    this.#rows = [...added, ...this.#rows];
    for (const { id } of this.#rows.splice(this.#max)) {
      this.#positions.delete(id);
      this.#hasEvicted = true;
    }
    this.#onChange();
    return added.length;
  }

  /** Replaces a row, such as a gap by its events and the rest of the gap. */
  replaceRow(id: string, events: readonly ApiEvent[], rest: readonly GapRow[] = []): void {
    const index = this.indexOf(id);
    if (index === -1) return;
    const known = new Set(this.#rows.map((row) => row.id));
    const rows = events
      .filter((event) => !known.has(event.id))
      .map((event) => ({ kind: 'event' as const, id: event.id, event }));
    this.#rows.splice(index, 1, ...rows, ...rest);
    this.#hasEvicted ||= this.#rows.length > this.#max;
    this.#rows.length = Math.min(this.#rows.length, this.#max);
    this.#positions.clear();
    for (const [position, row] of this.#rows.entries()) this.#positions.set(row.id, this.#first + position);
    this.#onChange();
  }
}
