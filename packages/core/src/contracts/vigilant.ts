import type { BarrierResult, BrokerCapabilities } from './broker';
import type { DeadLetters } from './dead-letters';
import type { EventOrder, Facet, HistogramBucket, QueryStatistics } from './query';
import type { Logger } from './logger';
import type { VigilantStatus } from './status';
import type { StoreCapabilities } from './store';
import type { Views } from './views';
import type { Event, EventInput, StoredEvent, TimestampInput } from '../event/event';
import type { Filter } from '../filter/ast';
import type { FilterObject } from '../filter/from-object';

/** A filter: text in the filter language, a tree, or an object of fields and values. */
export type FilterInput = string | Filter | FilterObject;

/** The engine: accepts events, writes them to the store and queries them. */
export interface Vigilant extends Logger, AsyncDisposable {
  /**
   * Opens the broker and the store. Optional: the first use opens them too.
   *
   * Rejects when one of them cannot be opened. A failed attempt is retried at each later use, and in the background until
   * `close()`. `log()` needs only the broker.
   */
  open(): Promise<void>;
  /**
   * Returns the indexes of the events whose id belongs to an event with different content, in the store or earlier in the
   * list. If logged, they would become dead letters.
   *
   * Reads the store once per given id. Events that are accepted but not yet stored are not found. Inputs that are not valid
   * events are not conflicts: `logBatch` returns their errors.
   *
   * @throws {VigilantError} `VIGILANT_EVENT_INVALID` if `inputs` is not an array.
   */
  findConflicts(inputs: readonly EventInput[]): Promise<readonly number[]>;
  /**
   * Returns the event with an id, or `undefined`. Waits up to `freshMs` for an event that is accepted but not yet stored.
   *
   * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE` or `VIGILANT_BROKER_UNAVAILABLE` if the store or the broker does
   * not open, or the store does not answer, within `deadlineMs`. `findConflicts` and `deadLetters` have a fixed limit of 10
   * seconds.
   */
  get(id: string, options?: GetOptions): Promise<StoredEvent | undefined>;
  /**
   * Returns a page of events. The first page includes every event that was accepted before the call and is stored within
   * `freshMs`.
   *
   * @throws {VigilantError} `VIGILANT_FILTER_INVALID`, `VIGILANT_QUERY_INVALID`, `VIGILANT_CURSOR_INVALID`
   */
  query(filter?: FilterInput, options?: QueryOptions): Promise<QueryResult>;
  /** Counts matching events per bucket of time. @throws {VigilantError} As `query`. */
  histogram(filter?: FilterInput, options?: HistogramOptions): Promise<HistogramResult>;
  /** Returns the most frequent values of fields among matching events. @throws {VigilantError} As `query`. */
  facets(filter?: FilterInput, options?: FacetOptions): Promise<FacetResult>;
  /**
   * Follows matching events within 200 ms of their acceptance. Events of this engine arrive in the order in which they were
   * acknowledged. With a read-only store, events arrive about a second after a writer has committed them.
   *
   * Reports missed events as a `gap`. Ends on `break`, its signal, `close` or a failure. The process stays alive while an
   * item is awaited.
   */
  tail(filter?: FilterInput, options?: TailOptions): AsyncIterableIterator<TailItem>;
  /** Manages the events that could not be stored. */
  readonly deadLetters: DeadLetters;
  /** Saves queries for all users of the store. */
  readonly views: Views;
  readonly capabilities: { readonly broker: BrokerCapabilities; readonly store: StoreCapabilities };
  /** Returns the state of the engine, the broker and the store. Waits at most 2 seconds for a store that does not respond. */
  status(): Promise<VigilantStatus>;
  /**
   * Waits until every event accepted before the call is stored.
   *
   * @param options - `timeoutMs`: maximum wait in milliseconds, by default `freshMs` of the engine.
   * @returns `complete: false` when the wait ended first.
   */
  flush(options?: {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<BarrierResult>;
  /**
   * Rejects new events, writes pending ones within `graceMs`, and closes broker and store. Idempotent; never rejects.
   *
   * Does not wait for an adapter to open unless events wait for it. Calls that wait for it reject with `VIGILANT_CLOSED`.
   */
  close(): Promise<CloseResult>;
}

/** Options of every read. */
export interface FreshOptions {
  /**
   * Maximum wait for events accepted before the call, in milliseconds; 0 does not wait.
   *
   * @defaultValue `freshMs` of the engine
   */
  readonly freshMs?: number | undefined;
  /** Cancels the read, which then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `get`. */
export interface GetOptions extends FreshOptions {
  /**
   * Maximum duration of the whole call in milliseconds, from 1 to 600,000. After it, the call rejects with
   * `VIGILANT_STORE_UNAVAILABLE` or `VIGILANT_BROKER_UNAVAILABLE`.
   *
   * @defaultValue 10000, or twice `freshMs` if that is more
   */
  readonly deadlineMs?: number | undefined;
}

/** A time range. Each end is a timestamp as in `EventInput`, or a relative time: `'now'`, `'now-2h'` or `'2h'` (2 hours ago). */
export interface TimeRange {
  /** Inclusive. @defaultValue the earliest event */
  readonly since?: TimestampInput | undefined;
  /**
   * Exclusive; not before `since`. @defaultValue 5 minutes from now, unless the filter has an upper bound of the timestamp
   * or begins in the future; no end in a query in the order `arrival`
   */
  readonly until?: TimestampInput | undefined;
}

/** Count of the events that the default end of the range leaves out. */
export interface Beyond {
  /**
   * Number of matching events after the default end of the range, up to 100. The result does not include them; pass
   * `until` to see them. Absent if the deadline passed first.
   */
  readonly beyond?: number;
}

/** Options of `query`. With a `cursor`, the filter, range and order must be those of the first page. */
export interface QueryOptions extends FreshOptions, TimeRange {
  /** @defaultValue `'newest'` */
  readonly order?: EventOrder | undefined;
  /** From 1 to 10,000. @defaultValue 100 */
  readonly limit?: number | undefined;
  /** `nextCursor` of the previous page. @defaultValue the first page */
  readonly cursor?: string | undefined;
  /** Ends the page once its events reach this many bytes. @defaultValue 8 MiB */
  readonly maxBytes?: number | undefined;
  /**
   * Time limit of the whole call in milliseconds. Ends the search with `complete: false`.
   *
   * Includes the time to open the store and the broker. The call rejects with `VIGILANT_STORE_UNAVAILABLE` or
   * `VIGILANT_BROKER_UNAVAILABLE` if that takes too long, or if the store has not answered 2 seconds after the time limit.
   * The wait for freshness takes at most half of the remaining time.
   *
   * @defaultValue 10000, or twice `freshMs` if that is more
   */
  readonly deadlineMs?: number | undefined;
}

/** A page of events. */
export interface QueryResult extends Beyond {
  readonly events: readonly StoredEvent[];
  /** Opaque cursor of the next page. Absent on the last page. A page can be short or empty and still have a next one. */
  readonly nextCursor?: string;
  /** Opaque cursor from which a tail continues without missing an event. */
  readonly tailCursor: string;
  /** `false` when the deadline ended the search; continue with `nextCursor`. */
  readonly complete: boolean;
  /** Whether the result includes every event accepted before the call. */
  readonly freshness: BarrierResult;
  readonly statistics?: QueryStatistics;
}

/** Options of `histogram`. */
export interface HistogramOptions extends FreshOptions, TimeRange {
  /** Maximum number of buckets, from 1 to 1,000. Their width is a round number. @defaultValue 60 */
  readonly buckets?: number | undefined;
  /** Field to count by, as in the filter language. @defaultValue `'level'` */
  readonly by?: string | undefined;
  /** Maximum number of distinct values, from 1 to 1,000; the rest are summed in `other`. @defaultValue 50 */
  readonly limit?: number | undefined;
  /** Time limit of the whole call in milliseconds, as in `QueryOptions`. @defaultValue 10000, or twice `freshMs` if that is more */
  readonly deadlineMs?: number | undefined;
}

/** Counts per bucket of time. Times are in milliseconds since the epoch. */
export interface HistogramResult extends Beyond {
  /** In ascending order of time. Empty buckets are left out. */
  readonly buckets: readonly HistogramBucketResult[];
  readonly from: number;
  readonly until: number;
  readonly bucketMs: number;
  /** `false` when counts may be too low or approximate. */
  readonly exact: boolean;
  /** `false` when the deadline ended the count. */
  readonly complete: boolean;
  /** Whether the result includes every event accepted before the call. */
  readonly freshness: BarrierResult;
  readonly statistics?: QueryStatistics;
}

/** One bucket of a `HistogramResult`. */
export type HistogramBucketResult = Omit<HistogramBucket, 'start'> & {
  /** Start in milliseconds since the epoch. */
  readonly start: number;
};

/** Options of `facets`. */
export interface FacetOptions extends FreshOptions, TimeRange {
  /** Fields, at most 20, as in the filter language. @defaultValue `['level', 'origin', 'source', 'type', 'group', 'tags']` */
  readonly fields?: readonly string[] | undefined;
  /** Maximum number of values per field, from 1 to 1,000. @defaultValue 10 */
  readonly limit?: number | undefined;
  /** Time limit of the whole call in milliseconds, as in `QueryOptions`. @defaultValue 10000, or twice `freshMs` if that is more */
  readonly deadlineMs?: number | undefined;
}

/** The most frequent values per field. */
export interface FacetResult extends Beyond {
  readonly facets: readonly (Omit<Facet, 'field'> & { readonly field: string })[];
  /** `false` when the deadline ended the count. */
  readonly complete: boolean;
  /** Whether the result includes every event accepted before the call. */
  readonly freshness: BarrierResult;
  readonly statistics?: QueryStatistics;
}

/** Options of `tail`. */
export interface TailOptions {
  /** Cursor of an earlier tail or query after which the tail starts. @defaultValue now */
  readonly cursor?: string | undefined;
  /** Whether to return `checkpoint` items, at least every 2 s, so that a quiet tail can be resumed too. @defaultValue false */
  readonly checkpoints?: boolean | undefined;
  /**
   * Maximum size of the events that wait for a slow reader, in bytes. Further events are dropped and counted in a `gap`.
   *
   * @defaultValue 4 MiB
   */
  readonly maxBufferedBytes?: number | undefined;
  /** Ends the tail without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** An item of a tail. Events may repeat; compare their ids. No event is missing without a `gap`. */
export type TailItem =
  | { readonly type: 'event'; readonly event: Event; readonly cursor: string }
  | {
      readonly type: 'gap';
      /** `slow`: the reader was too slow. `pruned`: older events were deleted. `epoch`: the store was restored. */
      readonly reason: 'slow' | 'pruned' | 'epoch';
      /** Number of missing events, if known. */
      readonly missed?: number;
      readonly cursor: string;
    }
  | { readonly type: 'checkpoint'; readonly cursor: string };

/** Result of `close`. */
export interface CloseResult {
  /** Number of events that this engine stored. */
  readonly stored: number;
  /** Number of events that are not stored and stay in a durable broker for the next run. This is not an error. */
  readonly left: number;
  /** Number of events that were lost: those of a memory broker, or of a broker whose storage was deleted. */
  readonly lost: number;
  /** Number of events that were not accepted: invalid ones, and those that the broker did not confirm. */
  readonly rejected: number;
}
