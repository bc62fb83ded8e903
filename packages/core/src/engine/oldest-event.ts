import type { Store } from '../contracts/store';
import { MATCH_ALL } from '../filter/ast';
import { find } from '../query/find';
import type { Clock } from '../util/clock';

/** How long a found timestamp is returned without asking the store again, in milliseconds. */
const FRESH_MS = 1_000;

/** Finds the timestamp of the oldest stored event. Callers share a query, because the status is often read by many clients. */
export interface OldestEvent {
  /** Returns the timestamp, which may be one second out of date; `undefined` if the store is empty. */
  read(): Promise<number | undefined>;
}

/** Creates an `OldestEvent`. @param deadlineMs - Time limit of a query, in milliseconds. */
export function createOldestEvent(store: Store, clock: Clock, deadlineMs: number): OldestEvent {
  return new CachedOldestEvent(store, clock, deadlineMs);
}

class CachedOldestEvent implements OldestEvent {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  #reading: Promise<number | undefined> | undefined;
  #found: { readonly timestamp: number; readonly until: number } | undefined;

  constructor(store: Store, clock: Clock, deadlineMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  async read(): Promise<number | undefined> {
    if (this.#found !== undefined && this.#clock.monotonic() < this.#found.until)
      return this.#found.timestamp;
    this.#reading ??= this.#find().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #find(): Promise<number | undefined> {
    const query = { filter: MATCH_ALL, order: 'oldest', limit: 1, maxBytes: 1 } as const;
    const { events } = await find(this.#store, { ...query, deadlineMs: this.#deadlineMs }, this.#clock);
    const timestamp = events[0]?.timestamp;
    // An empty store is not remembered, so that its first event is reported at once.
    this.#found =
      timestamp === undefined ? undefined : { timestamp, until: this.#clock.monotonic() + FRESH_MS };
    return timestamp;
  }
}
