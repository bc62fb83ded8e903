import type { AppendResult } from '../contracts/store';
import { isVigilantError } from '../util/errors';
import type { Event } from '../event/event';

/** Number of failures in a row without an insert after which the store itself is suspected. */
export const MAX_FAILURES_IN_A_ROW = 100;

/** Number of later events that are tried to rule out a failure of the store. */
const MAX_PROBES = 10;

/** An event that the store does not accept, and why. */
export interface RejectedEvent {
  readonly event: Event;
  readonly error: unknown;
}

/** Result of a pass. */
export interface Bisection {
  readonly conflicts: readonly Event[];
  readonly rejected: readonly RejectedEvent[];
  /** Events that are neither stored nor rejected, in order. */
  readonly undecided: readonly Event[];
  /** Number of events rejected since the last insert, including those of earlier passes. */
  readonly rejectedInARow: number;
}

/** Options of a pass. */
export interface BisectOptions {
  /** Whether an error other than a rejection counts against an event too, instead of ending the pass. */
  readonly anyError: boolean;
  /** Number of events that earlier passes rejected since the last insert. @defaultValue 0 */
  readonly rejectedInARow?: number;
}

/** Returns whether an error is about the content of an event. */
export function isRejection(error: unknown): boolean {
  return isVigilantError(error) && error.code === 'VIGILANT_EVENT_REJECTED';
}

/**
 * Appends a batch in halves to find the events that the store does not accept.
 *
 * An event counts as rejected when an append of this event alone is rejected. With `anyError` other errors count too, but
 * only between two inserts of this pass, so a store that goes down produces no dead letters. After a hundred failures in a
 * row, a later event must be inserted to show that the store still accepts events. Otherwise the pass ends, and the events
 * that failed since the last insert stay undecided.
 */
export async function bisect(
  append: (events: readonly Event[]) => Promise<AppendResult>,
  events: readonly Event[],
  options: BisectOptions,
): Promise<Bisection> {
  return new Pass(append, options).run(events);
}

class Pass {
  readonly #append: (events: readonly Event[]) => Promise<AppendResult>;
  readonly #anyError: boolean;
  /** Parts still to be appended, latest events first. */
  readonly #parts: (readonly Event[])[] = [];
  readonly #open = new Set<Event>();
  readonly #conflicts: Event[] = [];
  readonly #rejected: RejectedEvent[] = [];
  /** Events that were rejected since the last insert. */
  #rejectedLast: RejectedEvent[] = [];
  /** Events that failed for another reason since the last insert of this pass. */
  #suspects: RejectedEvent[] = [];
  #hasInserted = false;
  #rejectedBefore: number;
  #failuresInARow: number;
  #isEnded = false;

  constructor(append: (events: readonly Event[]) => Promise<AppendResult>, options: BisectOptions) {
    this.#append = append;
    this.#anyError = options.anyError;
    this.#rejectedBefore = options.rejectedInARow ?? 0;
    this.#failuresInARow = this.#rejectedBefore;
  }

  async run(events: readonly Event[]): Promise<Bisection> {
    this.#parts.push(events);
    for (const event of events) this.#open.add(event);
    for (let part = this.#parts.pop(); part !== undefined && !this.#isEnded; part = this.#parts.pop()) {
      const error = await this.#store(part);
      if (error === undefined) continue;
      if (!isRejection(error) && !this.#anyError) this.#isEnded = true;
      else if (part.length > 1) this.#split(part);
      else await this.#note({ event: part[0] as Event, error });
    }
    if (!this.#isEnded) this.#confirm(this.#rejectedLast);
    return {
      conflicts: this.#conflicts,
      rejected: this.#rejected,
      undecided: events.filter((event) => this.#open.has(event)),
      rejectedInARow: this.#rejectedBefore + this.#rejectedLast.length,
    };
  }

  /** Appends a part of the batch; returns the error if that fails. */
  async #store(part: readonly Event[]): Promise<unknown> {
    try {
      const { inserted, conflicts } = await this.#append(part);
      for (const event of part) this.#open.delete(event);
      for (const index of conflicts) this.#conflicts.push(part[index] as Event);
      if (inserted > 0) this.#noteInsert();
      return undefined;
    } catch (error) {
      return error ?? new Error('The store failed without an error.');
    }
  }

  #noteInsert(): void {
    this.#confirm(this.#rejectedLast);
    this.#confirm(this.#suspects);
    this.#rejectedLast = [];
    this.#suspects = [];
    this.#hasInserted = true;
    this.#rejectedBefore = 0;
    this.#failuresInARow = 0;
  }

  #confirm(rejected: readonly RejectedEvent[]): void {
    this.#rejected.push(...rejected);
    for (const { event } of rejected) this.#open.delete(event);
  }

  #split(part: readonly Event[]): void {
    const middle = part.length >>> 1;
    this.#parts.push(part.slice(middle), part.slice(0, middle));
  }

  /** Records an event whose append failed although it was alone. */
  async #note(failed: RejectedEvent): Promise<void> {
    if (isRejection(failed.error)) this.#rejectedLast.push(failed);
    else if (this.#hasInserted) this.#suspects.push(failed);
    this.#failuresInARow += 1;
    if (this.#failuresInARow >= MAX_FAILURES_IN_A_ROW) await this.#probe();
  }

  /** Appends some of the latest events; ends the pass unless one of them is inserted. */
  async #probe(): Promise<void> {
    for (let probes = 0; probes < MAX_PROBES && this.#failuresInARow > 0; probes += 1) {
      const latest = this.#parts[0] ?? [];
      const event = latest.at(-1);
      if (event === undefined) break;
      if (latest.length > 1) this.#parts[0] = latest.slice(0, -1);
      else this.#parts.shift();
      const error = await this.#store([event]);
      if (error !== undefined && !isRejection(error)) break;
    }
    this.#isEnded = this.#failuresInARow > 0;
  }
}
