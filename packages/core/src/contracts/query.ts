import type { StoredEvent } from '../event/event';
import type { Filter } from '../filter/ast';
import type { CountField } from '../filter/count-field';

/**
 * Order of events. `newest` and `oldest` sort by timestamp, then by sequence. `arrival` sorts by sequence, oldest first.
 */
export type EventOrder = 'newest' | 'oldest' | 'arrival';

/** Position of an event in an order. `arrival` uses only the sequence. */
export interface EventPosition {
  /** Integer microseconds since the epoch. */
  readonly timestamp: number;
  readonly sequence: number;
}

/** A request for a page of events. Core has completed and checked it; adapters do not check it again. */
export interface EventQuery {
  /** Contains no relative times. */
  readonly filter: Filter;
  readonly order: EventOrder;
  /** The page starts after this position. */
  readonly after?: EventPosition;
  /** Highest sequence to return. @defaultValue the highest visible one */
  readonly asOf?: number;
  /** Maximum number of events, from 1 to 10,000. */
  readonly limit: number;
  /**
   * Ends the page with the event that makes its encoded events reach this many bytes (`>=`), see `encodedSize`. So a page that is
   * not the last has at least one event [store/query/max-bytes].
   */
  readonly maxBytes: number;
  /** Ends the search after this many milliseconds, with `complete: false`. @defaultValue no limit */
  readonly deadlineMs?: number;
  /** Cancels the query, which then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** A page of events. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** Position after which the next page starts. Absent when no event up to `asOf` can follow. May be past events that were skipped. */
  readonly next?: EventPosition;
  /** `false` when the deadline ended the search before the page was full. */
  readonly complete: boolean;
  /** Epoch of the store. */
  readonly epoch: string;
  /**
   * Highest sequence that this page could contain: `asOf` of the query, otherwise the highest one visible at its start. No event up to
   * it may appear later, so read it before the events, or in one snapshot with them [store/query/as-of-while-writing].
   */
  readonly asOf: number;
  /**
   * `true` when some of the events may not match the filter; core then checks each of them. Set by a store that usually
   * filters exactly but cannot decide this filter, see `StoreCapabilities.filtering`. @defaultValue false
   */
  readonly superset?: boolean;
  readonly statistics?: QueryStatistics;
}

/** A page of events as lines of JSON. */
export interface EventLines extends Omit<EventPage, 'events' | 'superset'> {
  /** The events in UTF-8: the JSON of `toEventJson` and a line feed each. No line crosses the end of a chunk. */
  readonly chunks: readonly Uint8Array[];
  /** Number of events. */
  readonly count: number;
}

/** Cost of a query. */
export interface QueryStatistics {
  /** Number of events read, matching or not. */
  readonly scanned?: number;
  readonly elapsedMs?: number;
}

export type { CountField } from '../filter/count-field';

/** Fields common to all counts. A count covers every event that is visible when it begins. */
export interface CountQuery {
  /** Contains no relative times. */
  readonly filter: Filter;
  /** Ends counting after this many milliseconds, with `complete: false`. @defaultValue no limit */
  readonly deadlineMs?: number;
  /** Cancels the count, which then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** A request for counts per bucket of time. */
export interface HistogramQuery extends CountQuery {
  /** Start of the first bucket in integer microseconds, inclusive. */
  readonly from: number;
  /** End of the last bucket in integer microseconds, exclusive. */
  readonly until: number;
  /** Width of a bucket in integer microseconds. `until` may cut the last bucket short. */
  readonly bucketMicros: number;
  readonly by: CountField;
  /**
   * Maximum number of distinct values, from 1 to 1,000. The most frequent values of the whole range are kept (ties are
   * broken by text); the rest are summed in `HistogramBucket.other`.
   */
  readonly limit: number;
}

/** Counts per bucket of time. */
export interface Histogram {
  /** In ascending order of time. Empty buckets are left out. */
  readonly buckets: readonly HistogramBucket[];
  /** `false` when counts may be too low or approximate. */
  readonly exact: boolean;
  /** `false` when the deadline ended the count. */
  readonly complete: boolean;
  readonly epoch: string;
  /** The highest sequence that was counted. */
  readonly asOf: number;
  readonly statistics?: QueryStatistics;
}

/** Counts of one bucket. */
export interface HistogramBucket {
  /** Start in integer microseconds. */
  readonly start: number;
  /** Counts by value of the field, as text. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sum of the counts of all values beyond `HistogramQuery.limit`. Absent when there are none. */
  readonly other?: number;
}

/** A request for the most frequent values of fields. */
export interface FacetQuery extends CountQuery {
  readonly fields: readonly CountField[];
  /** Maximum number of values per field. */
  readonly limit: number;
}

/** The most frequent values of fields. */
export interface Facets {
  /** One per field of the query, in the same order. */
  readonly facets: readonly Facet[];
  /** `false` when the deadline ended the count. */
  readonly complete: boolean;
  readonly epoch: string;
  /** The highest sequence that was counted. */
  readonly asOf: number;
  readonly statistics?: QueryStatistics;
}

/** The most frequent values of one field. */
export interface Facet {
  readonly field: CountField;
  /** In descending order of count; ties are broken by text. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Number of distinct values, if known. */
  readonly distinct?: number;
  /** `false` when counts may be too low or approximate. */
  readonly exact: boolean;
}
