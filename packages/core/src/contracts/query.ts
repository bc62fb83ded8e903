import type { StoredEvent } from '../event/event';
import type { Filter } from '../filter/ast';
import type { CountField } from '../filter/count-field';

/** `newest` and `oldest` go by (timestamp, sequence); `arrival` by sequence, oldest first. */
export type EventOrder = 'newest' | 'oldest' | 'arrival';

/** A place between events in some order. `arrival` looks at the sequence alone. */
export interface EventPosition {
  /** Integer microseconds. */
  readonly timestamp: number;
  readonly sequence: number;
}

/** What a store is asked for. Complete and checked: an adapter re-checks nothing. */
export interface EventQuery {
  /** Without relative times. */
  readonly filter: Filter;
  readonly order: EventOrder;
  /** Strictly behind this place in the order. */
  readonly after?: EventPosition;
  /** Only sequences up to this one, inclusive. Absent: up to the highest visible at this moment. */
  readonly asOf?: number;
  /** At most so many events; from 1 to 10,000. */
  readonly limit: number;
  /** End the page once its encoded events pass so many bytes; it holds at least one if there is one. */
  readonly maxBytes: number;
  /** Give what was found after so many milliseconds, with `complete: false`. Absent: no bound. */
  readonly deadlineMs?: number;
  /** Stop working and reject with its reason. */
  readonly signal?: AbortSignal;
}

/** What a store answers. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** Where to go on; absent when nothing more can follow up to `asOf`. May stand behind events that were passed over. */
  readonly next?: EventPosition;
  /** `false`: the deadline ended the search before the page was full. */
  readonly complete: boolean;
  /** Of the store. */
  readonly epoch: string;
  /** The highest sequence this page could show: the query's own, else what was visible when it began. */
  readonly asOf: number;
  /**
   * `true` when some of these events may not match the filter: core checks each of them. Set by a store that usually
   * filters exactly but cannot decide this filter, see `StoreCapabilities.filtering`. @defaultValue false
   */
  readonly superset?: boolean;
  readonly statistics?: QueryStatistics;
}

/** What answering cost. */
export interface QueryStatistics {
  /** Rows read, matching or not. */
  readonly scanned?: number;
  readonly elapsedMs?: number;
}

export type { CountField } from '../filter/count-field';

/** Fields common to all counts. A count covers every event that is visible when it begins. */
export interface CountQuery {
  /** Without relative times. */
  readonly filter: Filter;
  /** Ends counting after this many milliseconds, with `complete: false`. Absent: no limit. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** Counts per bucket of time. */
export interface HistogramQuery extends CountQuery {
  /** Start of the first bucket, in integer microseconds, inclusive. */
  readonly from: number;
  /** End of the last bucket, in integer microseconds, exclusive. */
  readonly until: number;
  /** Width of a bucket in integer microseconds; the last may be cut short by `until`. */
  readonly bucketMicros: number;
  readonly by: CountField;
  /**
   * Maximum number of distinct values, from 1 to 1,000. The most frequent values of the whole range are kept (ties are
   * broken by text); the rest are summed in `HistogramBucket.other`.
   */
  readonly limit: number;
}

/** The answer to a `HistogramQuery`. Empty buckets are left out. */
export interface Histogram {
  readonly buckets: readonly HistogramBucket[];
  /** `false`: counts may be too low or approximate; show them with a `~`. */
  readonly exact: boolean;
  /** `false`: the deadline came first. */
  readonly complete: boolean;
  readonly epoch: string;
  /** The highest sequence that was counted. */
  readonly asOf: number;
  readonly statistics?: QueryStatistics;
}

/** One bucket. */
export interface HistogramBucket {
  /** Its start in integer microseconds. */
  readonly start: number;
  /** Counts by value of the field, as text. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sum of the counts of all values beyond `HistogramQuery.limit`. Absent when there are none. */
  readonly other?: number;
}

/** Top values of some fields. */
export interface FacetQuery extends CountQuery {
  readonly fields: readonly CountField[];
  /** Most values per field. */
  readonly limit: number;
}

/** Result of a `FacetQuery`. */
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

/** The top values of one field, highest count first, then by text. */
export interface Facet {
  readonly field: CountField;
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** How many different values there are, where known. */
  readonly distinct?: number;
  /** `false`: counts may be too low or approximate. */
  readonly exact: boolean;
}
