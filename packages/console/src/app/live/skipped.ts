import type { ApiEvent } from '../api/types';
import type { GapReason, GapRow } from '../explore/rows/event-list';

/** Consecutive events that are not shown: their number, their ids and the time that they cover. */
export class Skipped {
  readonly reason: GapReason;
  readonly #id: string;
  readonly #ids: string[] = [];
  #count = 0;
  #from = Infinity;
  #to = -Infinity;

  constructor(id: string, reason: GapReason) {
    this.#id = id;
    this.reason = reason;
  }

  add({ id, timestamp }: ApiEvent): void {
    const time = Date.parse(timestamp);
    this.#ids.push(id);
    this.#count++;
    this.#from = Math.min(this.#from, time);
    this.#to = Math.max(this.#to, time);
  }

  /** Discards the ids, also those of the row. Returns their number. */
  forgetIds(): number {
    return this.#ids.splice(0).length;
  }

  toRow(): GapRow {
    return {
      kind: 'gap',
      id: this.#id,
      missed: this.#count,
      reason: this.reason,
      ids: this.#ids,
      since: new Date(this.#from).toISOString(),
      // Exclusive, and an event can have microseconds.
      until: new Date(this.#to + 1).toISOString(),
    };
  }
}
