import type { BarrierResult, BrokerCapabilities } from './broker';
import type { DeadLetters } from './dead-letters';
import type { EventOrder, Facet, HistogramBucket, QueryStatistics } from './query';
import type { VigilantStatus } from './status';
import type { StoreCapabilities } from './store';
import type { VigilantError } from '../util/errors';
import type { Event, EventDefaults, EventInput, StoredEvent, TimestampInput } from '../event/event';
import type { Filter } from '../filter/ast';
import type { FilterObject } from '../filter/from-object';

/** A filter in any of its forms: the language, a tree, or an object of fields and wanted values. */
export type FilterInput = string | Filter | FilterObject;

/** What logging offers, on the engine and on each child. */
export interface Logger {
  /**
   * Takes one event; resolves when the broker holds it at its declared durability.
   *
   * Nobody needs to await it: a failure that is not handled goes to the diagnostics.
   *
   * @throws {VigilantError} `VIGILANT_EVENT_INVALID`, `VIGILANT_BROKER_FULL` or `_CLOSED`: nothing was taken. Any other
   * code: the outcome is unknown, send again with the same id.
   */
  log(input: EventInput): Promise<LogReceipt>;
  /**
   * Takes the good events of a batch and says of each bad one what is wrong with it.
   *
   * @throws {VigilantError} As `log`, but for invalid events, which are in the result.
   */
  logBatch(inputs: readonly EventInput[]): Promise<LogBatchResult>;
  /**
   * Logs without returning a receipt. The message of an Error becomes the message of the event, and the Error `data.error`.
   *
   * Values that `log` would reject for their size or depth are cut and marked, and data that is not an object is put under
   * the key `value`.
   */
  debug(message: string | Error, data?: object): void;
  info(message: string | Error, data?: object): void;
  warn(message: string | Error, data?: object): void;
  error(message: string | Error, data?: object): void;
  /** A logger whose events have these defaults over the parent's. */
  child(defaults: EventDefaults): Logger;
}

/** Proof of an accepted event. */
export interface LogReceipt {
  readonly id: string;
}

/** What became of each event of a batch, in its order. */
export interface LogBatchResult {
  readonly accepted: number;
  readonly results: readonly ({ readonly id: string } | { readonly error: VigilantError })[];
}

/** The engine: takes events, moves them into the store, answers for them. */
export interface Vigilant extends Logger {
  /**
   * Opens broker and store; rejects when one of them cannot be opened. The first use opens them too; call it to fail early.
   *
   * A failed attempt is retried at each later use, and in the background until `close()`. `log()` needs only the broker.
   */
  open(): Promise<void>;
  /**
   * Returns the indexes of events whose id belongs to an event with different content, in the store or earlier in the list.
   * They would become dead letters. Logs nothing.
   *
   * Reads the store once per given id. Events that are accepted but not yet stored are not found.
   */
  findConflicts(inputs: readonly EventInput[]): Promise<readonly number[]>;
  /** Finds one event. One that was logged but is not yet stored is waited for, up to `freshMs`. */
  get(id: string, options?: FreshOptions): Promise<StoredEvent | undefined>;
  /** Finds a page of events; its `nextCursor` leads to the next. A first page sees everything accepted before. */
  query(filter?: FilterInput, options?: QueryOptions): Promise<QueryResult>;
  /** Counts per bucket of time. */
  histogram(filter?: FilterInput, options?: HistogramOptions): Promise<HistogramResult>;
  /** Top values of fields. */
  facets(filter?: FilterInput, options?: FacetOptions): Promise<FacetResult>;
  /**
   * Follows events as they are accepted, within 200 ms. Events of this engine come in the order of their acknowledgement.
   *
   * Reports missed events as a `gap`. Ends on `break`, its signal, `close` or a failure. While an item is awaited, the
   * process stays alive.
   */
  tail(filter?: FilterInput, options?: TailOptions): AsyncIterableIterator<TailItem>;
  /** Events that could not be stored. */
  readonly deadLetters: DeadLetters;
  readonly capabilities: { readonly broker: BrokerCapabilities; readonly store: StoreCapabilities };
  status(): Promise<VigilantStatus>;
  /** Waits until everything accepted before is stored, or says how far it came. @defaultValue 2 s */
  flush(options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<BarrierResult>;
  /** Stops intake, writes what is pending within `graceMs`, closes broker and store. Idempotent; never rejects. */
  close(): Promise<CloseResult>;
}

/** How fresh an answer must be. */
export interface FreshOptions {
  /** How long to wait for what was accepted before, in milliseconds; 0 does not wait. @defaultValue the engine's `freshMs` */
  readonly freshMs?: number;
  readonly signal?: AbortSignal;
}

/** A time range. Each end is a timestamp like that of an event, or `'2h'` (that long ago), `'now-2h'` or `'now'`. */
export interface TimeRange {
  /** Inclusive. @defaultValue the earliest event */
  readonly since?: TimestampInput;
  /**
   * Exclusive; not before `since`. @defaultValue 5 minutes from now, unless the filter has an upper bound of the timestamp
   * or begins in the future; no end in a query in the order `arrival`
   */
  readonly until?: TimestampInput;
}

/** Count of the events that the default end of the range leaves out. */
export interface Beyond {
  /**
   * Number of matching events after the default end of the range, up to 100. The result does not include them; pass
   * `until` to see them. Absent when the deadline came first.
   */
  readonly beyond?: number;
}

/** Options of `query`. With a `cursor` the filter, range and order must be those of the first page. */
export interface QueryOptions extends FreshOptions, TimeRange {
  /** @defaultValue `'newest'` */
  readonly order?: EventOrder;
  /** From 1 to 10,000. @defaultValue 100 */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** Ends the page when its events pass so many bytes. @defaultValue 8 MiB */
  readonly maxBytes?: number;
  /** Ends the search after so many milliseconds, with `complete: false`. @defaultValue 10000 */
  readonly deadlineMs?: number;
}

/** A page of events. */
export interface QueryResult extends Beyond {
  readonly events: readonly StoredEvent[];
  /** Opaque; absent at the end. A page can be short or empty and still have one. */
  readonly nextCursor?: string;
  /** Opaque; a tail from here goes on without a hole. */
  readonly tailCursor: string;
  /** `false`: the deadline ended the search; go on with `nextCursor`. */
  readonly complete: boolean;
  /** Whether the result includes everything accepted before the call. */
  readonly freshness: BarrierResult;
  readonly statistics?: QueryStatistics;
}

/** Options of `histogram`. */
export interface HistogramOptions extends FreshOptions, TimeRange {
  /** Most buckets, from 1 to 1,000; widths are round. @defaultValue 60 */
  readonly buckets?: number;
  /** @defaultValue `'level'` */
  readonly by?: string;
  /** Maximum number of distinct values, from 1 to 1,000; the rest are summed in `other`. @defaultValue 50 */
  readonly limit?: number;
  /** @defaultValue 10000 */
  readonly deadlineMs?: number;
}

/** Counts per bucket of time; times in milliseconds. */
export interface HistogramResult extends Beyond {
  /** Empty ones are left out. */
  readonly buckets: readonly HistogramBucketResult[];
  readonly from: number;
  readonly until: number;
  readonly bucketMs: number;
  readonly exact: boolean;
  readonly complete: boolean;
  /** Whether the result includes everything accepted before the call. */
  readonly freshness: BarrierResult;
  readonly statistics?: QueryStatistics;
}

/** One bucket of a `HistogramResult`. */
export type HistogramBucketResult = Omit<HistogramBucket, 'start'> & {
  /** In milliseconds since the epoch. */
  readonly start: number;
};

/** Options of `facets`. */
export interface FacetOptions extends FreshOptions, TimeRange {
  /** Names as in filters. @defaultValue `['level', 'origin', 'source', 'type', 'group', 'tags']` */
  readonly fields?: readonly string[];
  /** Most values per field, from 1 to 1,000. @defaultValue 10 */
  readonly limit?: number;
  /** @defaultValue 10000 */
  readonly deadlineMs?: number;
}

/** Top values per field. */
export interface FacetResult extends Beyond {
  readonly facets: readonly (Omit<Facet, 'field'> & { readonly field: string })[];
  readonly complete: boolean;
  /** Whether the result includes everything accepted before the call. */
  readonly freshness: BarrierResult;
  readonly statistics?: QueryStatistics;
}

/** Options of `tail`. */
export interface TailOptions {
  /** Go on behind this cursor of an earlier tail or query. @defaultValue from now on */
  readonly cursor?: string;
  /** Also give `checkpoint` items, at least every 2 s, so that a quiet tail can be resumed too. @defaultValue false */
  readonly checkpoints?: boolean;
  /** Most bytes waiting for a slow reader; beyond that events are dropped and counted in a `gap`. @defaultValue 4 MiB */
  readonly maxBufferedBytes?: number;
  readonly signal?: AbortSignal;
}

/** What a tail gives. Repeats are possible (tell them by id), holes without a `gap` never. */
export type TailItem =
  | { readonly type: 'event'; readonly event: Event; readonly cursor: string }
  | {
      readonly type: 'gap';
      /** `slow`: the reader was; `pruned`: older events are gone; `epoch`: the store was restored. */
      readonly reason: 'slow' | 'pruned' | 'epoch';
      /** How many events are missing, where known. */
      readonly missed?: number;
      readonly cursor: string;
    }
  | { readonly type: 'checkpoint'; readonly cursor: string };

/** What `close` did. */
export interface CloseResult {
  /** Events stored by this engine while it ran. */
  readonly stored: number;
  /** Events that stay in a durable broker for the next run. No error. */
  readonly left: number;
  /** Events that were lost: those of a memory broker, or of one whose storage was deleted. */
  readonly lost: number;
}
