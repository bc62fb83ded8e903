import type { Clock } from '../util/clock';
import type { Delivery } from '../contracts/broker';
import type { AppendResult, Store } from '../contracts/store';
import type { DiagnosticSink } from '../util/diagnostics';
import { reasonOf } from '../util/errors';
import { totalEncodedSize } from '../event/codec';
import type { EncodedEvents } from '../event/encoded-events';
import { decodeInSlices } from '../event/decode-in-slices';
import type { Event } from '../event/event';
import type { Batch, Usage } from './batch-buffer';
import { MAX_FAILURES_IN_A_ROW, bisect, isRejection } from './bisect';
import type { NewDeadLetter } from './dead-letter';
import { conflictLetter, malformedLetter, rejectedLetter } from './dead-letter';
import type { DeadLetterQueue } from './dead-letter-queue';
import { earliestOf, earliestReceipt, lagOf } from './lag';
import type { RetryPause } from '../util/backoff';
import { createRetryPause } from '../util/backoff';
import { yieldToEventLoop } from '../util/clock';

/** Number of consecutive failures after which a batch is bisected. */
const FAILURES_BEFORE_BISECTION = 5;

/** Number of events that become letters in one turn of the event loop. */
const LETTERS_PER_TURN = 250;

const BACK_OFF = { firstMs: 100, maxMs: 30_000 };

/** Counts since the start. */
export interface WriterCounts {
  stored: number;
  duplicates: number;
  conflicts: number;
  deadLetters: number;
  batches: number;
  failedWrites: number;
}

/** Writes batches, each until all of its events are stored or dead letters. */
export interface BatchWriter {
  readonly counts: Readonly<WriterCounts>;
  /** Events that are being written and not yet stored. */
  readonly inProgress: Usage;
  /** Returns the earliest receipt of these events, in milliseconds since the epoch; `undefined` if there are none. */
  oldestReceivedAt(): number | undefined;
  /** Time from the receipt of the oldest event of the last append to that append, in milliseconds; `undefined` before the first. */
  readonly storedLagMs: number | undefined;
  /** Number of records that are neither stored nor dead letters: the open events, and the letters to write. */
  readonly unsettledRecords: number;
  /** Why the current write is being retried; `undefined` when it is not. */
  readonly failureReason: string | undefined;
  /**
   * Stores all events of a batch; those that cannot be stored become dead letters. Retries without limit.
   *
   * Rejects only when the signal is aborted.
   */
  write(batch: Batch): Promise<void>;
  /** Retries at once, and with short pauses after further failures. */
  hurry(): void;
}

/** Dependencies of a writer. */
export interface BatchWriterParts {
  readonly store: Store;
  readonly deadLetters: Pick<DeadLetterQueue, 'write'>;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** Returns more events to write with a failing batch. Whether they are stored shows whether the store or an event is at fault. */
  readonly takeMore: () => Batch;
  /** Called with deliveries whose events are all stored or dead letters. */
  readonly acknowledge: (deliveries: readonly Delivery[]) => void;
}

/** Creates a writer on a store. */
export function createBatchWriter(parts: BatchWriterParts): BatchWriter {
  return new Writer(parts);
}

class Writer implements BatchWriter {
  readonly counts: WriterCounts = {
    stored: 0,
    duplicates: 0,
    conflicts: 0,
    deadLetters: 0,
    batches: 0,
    failedWrites: 0,
  };
  readonly #parts: BatchWriterParts;
  readonly #pause: RetryPause;
  /** Letters to write before their deliveries are acknowledged, by identity. */
  readonly #letters = new Map<string, NewDeadLetter>();
  /** Open events of the batch: neither stored nor dead letters. Those that are encoded are in `#encoded`. */
  #events: readonly Event[] = [];
  #encoded: EncodedEvents | undefined;
  #bytes = 0;
  #deliveries: readonly Delivery[] = [];
  #failureReason: string | undefined;
  #rejectedInARow = 0;
  #storedLagMs: number | undefined;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
    this.#pause = createRetryPause(parts.clock, BACK_OFF, parts.random);
  }

  get inProgress(): Usage {
    return { events: this.#countOpen(), objects: this.#events.length, bytes: this.#bytes };
  }

  get storedLagMs(): number | undefined {
    return this.#storedLagMs;
  }

  get unsettledRecords(): number {
    let records = this.#countOpen();
    for (const { count } of this.#letters.values()) records += count;
    return records;
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  oldestReceivedAt(): number | undefined {
    return earliestOf([earliestReceipt(this.#events), this.#encoded?.earliestReceipt()]);
  }

  hurry(): void {
    this.#pause.hurry();
  }

  async write(batch: Batch): Promise<void> {
    const { signal } = this.#parts;
    this.#add(batch, batch.events);
    this.#encoded = batch.encoded;
    for (let failures = 1; ; failures += 1) {
      try {
        await this.#store();
        await this.#writeLetters();
        break;
      } catch (error) {
        signal.throwIfAborted();
        this.#report(error, failures);
        const hadUndecided = this.#countOpen() > 0;
        if (hadUndecided) await this.#bisect(error, failures % FAILURES_BEFORE_BISECTION === 0);
        // A batch without undecided events is acknowledged at once; everything else waits.
        if (!hadUndecided || this.#countOpen() > 0) await this.#pause.wait(failures, signal);
      }
    }
    this.#failureReason = undefined;
    this.counts.batches += 1;
    this.#parts.acknowledge(this.#deliveries);
    this.#deliveries = [];
  }

  /** Returns the number of open events. */
  #countOpen(): number {
    return this.#events.length + (this.#encoded?.count ?? 0);
  }

  /** Adds a batch to the current write. */
  #add({ bytes, finished }: Batch, events: readonly Event[]): void {
    this.#events = events;
    this.#bytes += bytes;
    this.#deliveries = [...this.#deliveries, ...finished];
    for (const { malformed, signal } of finished) {
      if (!signal.aborted) for (const record of malformed) this.#addLetter(malformedLetter(record));
    }
  }

  /** Appends the open events. */
  async #store(): Promise<void> {
    if (this.#events.length > 0 || this.#parts.store.appendEncoded === undefined) await this.#decode();
    const encoded = this.#encoded;
    const events = this.#events;
    if (encoded !== undefined)
      await this.#addConflicts(await this.#appendEncoded(encoded), (index) => encoded.at(index));
    else if (events.length > 0)
      await this.#addConflicts(await this.#append(events), (index) => events[index] as Event);
    this.#events = [];
    this.#encoded = undefined;
    this.#bytes = 0;
  }

  /** Decodes the encoded events. */
  async #decode(): Promise<void> {
    if (this.#encoded === undefined) return;
    this.#events = [...this.#events, ...(await decodeInSlices(this.#encoded))];
    this.#encoded = undefined;
  }

  async #addConflicts({ conflicts }: AppendResult, eventAt: (index: number) => Event): Promise<void> {
    for (const [count, index] of conflicts.entries()) {
      if (count > 0 && count % LETTERS_PER_TURN === 0) await yieldToEventLoop();
      this.#addLetter(conflictLetter(eventAt(index)));
    }
  }

  readonly #append = async (events: readonly Event[]): Promise<AppendResult> => {
    this.#parts.signal.throwIfAborted();
    return this.#count(await this.#parts.store.append(events), earliestReceipt(events));
  };

  async #appendEncoded(events: EncodedEvents): Promise<AppendResult> {
    const { signal, store } = this.#parts;
    signal.throwIfAborted();
    const result = await (store.appendEncoded?.(events) ?? store.append(events.decode()));
    return this.#count(result, events.earliestReceipt());
  }

  /** Counts the result of an append. @param receivedAt - The earliest receipt of its events. */
  #count(result: AppendResult, receivedAt: number | undefined): AppendResult {
    this.#storedLagMs = lagOf(receivedAt, this.#parts.clock.now());
    this.counts.stored += result.inserted;
    this.counts.duplicates += result.duplicates;
    this.counts.conflicts += result.conflicts.length;
    if (result.inserted > 0) this.#rejectedInARow = 0;
    return result;
  }

  async #writeLetters(): Promise<void> {
    while (this.#letters.size > 0) {
      const written = await this.#parts.deadLetters.write(this.#letters.values());
      for (const { identity, count } of written) {
        // A letter that is deleted in the meantime must not be written again.
        this.#letters.delete(identity);
        this.counts.deadLetters += count;
      }
    }
  }

  #addLetter(letter: NewDeadLetter): void {
    const { identity, count } = letter;
    const known = this.#letters.get(identity);
    this.#letters.set(identity, known === undefined ? letter : { ...known, count: known.count + count });
  }

  #report(error: unknown, failures: number): void {
    this.#failureReason = reasonOf(error);
    this.counts.failedWrites += 1;
    const message = `A batch could not be written (attempt ${failures}): ${this.#failureReason}`;
    this.#parts.diagnostics({ level: 'warn', component: 'scheduler', code: 'write-failed', message, error });
  }

  /** Finds the events that the store does not accept, if the error is a rejection or persists. */
  async #bisect(error: unknown, persists: boolean): Promise<void> {
    if (!persists && !isRejection(error)) return;
    await this.#decode();
    if (persists || this.#rejectedInARow >= MAX_FAILURES_IN_A_ROW) await this.#surround();
    const { conflicts, rejected, undecided, rejectedInARow } = await bisect(this.#append, this.#events, {
      anyError: persists,
      rejectedInARow: this.#rejectedInARow,
    });
    this.#rejectedInARow = rejectedInARow;
    for (const event of conflicts) this.#addLetter(conflictLetter(event));
    for (const { event, error: reason } of rejected) this.#addLetter(rejectedLetter(event, reason));
    this.#events = undecided;
    this.#bytes = totalEncodedSize(undecided);
    if (undecided.length > 0) await this.#acknowledgeStored();
  }

  /** Adds new events before and after the failing ones, see `bisect`. */
  async #surround(): Promise<void> {
    const more = this.#parts.takeMore();
    const decoded = more.encoded === undefined ? [] : await decodeInSlices(more.encoded);
    const events = [...more.events, ...decoded];
    const half = events.length >>> 1;
    this.#add(more, [...events.slice(0, half), ...this.#events, ...events.slice(half)]);
  }

  /** Acknowledges deliveries without open events, so that failing events do not hold up others. */
  async #acknowledgeStored(): Promise<void> {
    try {
      await this.#writeLetters();
    } catch {
      // The next attempt meets the same failure and reports it.
      return;
    }
    // By id, because a delivery may decode its events again.
    const open = new Set(this.#events.map(({ id }) => id));
    const isOpen = ({ events }: Delivery): boolean => events.some(({ id }) => open.has(id));
    this.#parts.acknowledge(this.#deliveries.filter((delivery) => !isOpen(delivery)));
    this.#deliveries = this.#deliveries.filter(isOpen);
  }
}
