import type { EncodedEvents } from '../event/encoded-events';
import type { Event, Level, StoredEvent } from '../event/event';
import type { AdapterContext } from './context';
import type { DocumentStore } from './documents';
import type {
  EventLines,
  EventPage,
  EventQuery,
  FacetQuery,
  Facets,
  Histogram,
  HistogramQuery,
} from './query';

/**
 * Stores events permanently and finds them.
 *
 * The conformance case that proves a guarantee is named in square brackets. Six methods are required, the others are
 * optional.
 * Every method except `open` and `close` rejects with `VIGILANT_STORE_CLOSED` before `open` and after `close` has
 * begun [store/lifecycle/closed-rejects].
 *
 * Sequences ascend in order of arrival and are never reused. Once a sequence is visible, no smaller one
 * appears [store/append/sequence]. A store has a random epoch, which changes when its data is restored.
 */
export interface Store {
  readonly capabilities: StoreCapabilities;

  /** Opens the store without deleting data [store/lifecycle/reopen-keeps]. May be retried after a failure. */
  open(context: AdapterContext): Promise<void>;

  /**
   * Persists a batch in one transaction: all of it or nothing [store/append/atomic], even for concurrent readers
   * [store/append/visible-whole, store/append/large-visible-whole].
   *
   * The first content of an id wins. The same id again is a duplicate, or a conflict if its content differs in anything but
   * `timestamp` and `receivedAt` (see `sameContent`) [store/append/replay-is-idempotent, store/append/conflict,
   * store/append/duplicate-in-batch]. A rejection does not prove that nothing was stored: append the same batch again.
   *
   * @param batch - Normalised events in order of arrival; may be empty [store/append/empty].
   * @throws {VigilantError} `VIGILANT_EVENT_REJECTED` only because of the content of an event. Any other error is a fault of
   * the store, and the batch is retried. A failure of the database is retryable, such as
   * `VIGILANT_STORE_UNAVAILABLE` [store/fault/retryable].
   */
  append(batch: readonly Event[]): Promise<AppendResult>;

  /**
   * Same as `append`, for a store that passes encoded events on, such as to another thread [store/append/encoded]. Core calls
   * it for events that the broker delivers encoded, and `append` for all others.
   */
  appendEncoded?(batch: EncodedEvents): Promise<AppendResult>;

  /** Returns the event with an id, every field as it was stored, or `undefined` [store/get/every-field]. */
  get(id: string): Promise<StoredEvent | undefined>;

  /**
   * Returns a page of events.
   *
   * The order is total [store/query/order]. Pages neither repeat nor skip events, even while events are
   * appended [store/paging/stable]. `asOf` hides later events [store/query/as-of]. `matches` defines the meaning of
   * the filter [store/filter/agrees-with-matcher]. With `filtering: 'superset'`, or on a page with `superset: true`, the page
   * may contain events that do not match; core removes them. A filter may contain kinds and operators of a later core. They
   * are undecided and never an error (see `widenFilter`) [store/filter/unknown].
   */
  query(query: EventQuery): Promise<EventPage>;

  /**
   * Same as `query`, for a store that writes events as JSON faster than core, such as in another thread. Core calls it for
   * exports. Without it, core encodes the events of `query`.
   *
   * Pages through the same events in the same order [store/query-lines/agrees], and writes each as the JSON of
   * `toEventJson` [store/query-lines/every-event]. `maxBytes` counts the bytes of the lines [store/query-lines/max-bytes]. Returns
   * `undefined` if the store cannot decide the filter; core then calls `query` [store/query-lines/unknown-filter].
   */
  queryLines?(query: EventQuery): Promise<EventLines | undefined>;

  /** Returns counts and health [store/status/counts, store/prune/while-appending]. */
  status(): Promise<StoreStatus>;

  /**
   * Waits for running operations and releases all resources. Idempotent; may be called before
   * `open` [store/lifecycle/close-twice].
   */
  close(): Promise<void>;

  /** Counts events per bucket of time. Without it, core reads the events [store/histogram/agrees, store/histogram/limit]. */
  histogram?(query: HistogramQuery): Promise<Histogram>;

  /** Returns the most frequent values of fields. Without it, core reads the events [store/facets/agrees]. */
  facets?(query: FacetQuery): Promise<Facets>;

  /**
   * Deletes the events that a policy does not keep, in steps of at most 10,000 events with pauses, so that appends and queries do not
   * wait long [store/prune/policy]. The engine calls it for its option `retention`. Check the policy with
   * `checkRetentionPolicy` first, because a wrong one could delete everything [store/prune/invalid-policy].
   *
   * @throws {VigilantError} `VIGILANT_QUERY_INVALID` if the policy is not valid.
   */
  prune?(policy: RetentionPolicy): Promise<PruneResult>;

  /** Copies the store to a new place while it stays in use, and verifies the copy. */
  backup?(target: string): Promise<BackupResult>;

  /** Stores small documents in addition to events. Without it, dead letters are kept in memory. */
  readonly documents?: DocumentStore;
}

/** Properties that a store declares. Frozen and constant for its lifetime. */
export interface StoreCapabilities {
  /** Failures that events survive once `append` has resolved. `memory`: none. `disk`: a crash. `replicated`: the loss of a machine. */
  readonly durability: 'memory' | 'disk' | 'replicated';
  /** Whether several processes can have the same store open. */
  readonly shared: boolean;
  /**
   * `exact`: `query` returns only matching events, except on pages marked `superset`. `superset`: every page may contain
   * other events, which core removes.
   */
  readonly filtering: 'exact' | 'superset';
  /**
   * Whether the store only reads data that another program writes [store/read-only/declared].
   *
   * A read-only store changes nothing: `append`, `prune` and the writes of `documents` reject with
   * `VIGILANT_READ_ONLY` [store/read-only/rejects-writes]. Reads work as in any other store, and include what a writer has
   * committed before the call [store/read-only/reads, store/read-only/later-commits]. An engine on it accepts no events.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean;
}

/** Result of an `append`. The three counts add up to the length of the batch. */
export interface AppendResult {
  readonly inserted: number;
  readonly duplicates: number;
  /** Indexes in the batch of the events whose id belongs to an event with different content. */
  readonly conflicts: readonly number[];
}

/** Status of a store. */
export interface StoreStatus {
  /** Random identifier, renewed when the data is restored. Cursors of another epoch are invalid. */
  readonly epoch: string;
  /** Number of stored events. */
  readonly events: number;
  /** Highest visible sequence. 0 if the store never contained an event. */
  readonly lastSequence: number;
  /** Highest sequence that was ever pruned, or 0. Sequences below it may be missing. */
  readonly prunedThrough: number;
  /** `degraded`: the store works with restrictions, for example because the disk is full; `reason` explains them. */
  readonly state: 'ready' | 'degraded';
  readonly reason?: string;
  /** Size on disk or in memory, in bytes, if known. */
  readonly bytes?: number;
}

/**
 * Rules for the events to keep. An event is deleted if any of them excludes it [store/prune/combined].
 *
 * They apply together, in one pass in order of arrival: an event is deleted if it was received before its time, or if the
 * remaining events exceed `maxBytes` or `maxEvents`.
 */
export interface RetentionPolicy {
  /** Deletes events that were received before this time, in milliseconds since the epoch. */
  readonly receivedBefore?: number;
  /** Overrides `receivedBefore` for single levels. */
  readonly receivedBeforeByLevel?: Readonly<Partial<Record<Level, number>>>;
  /**
   * Deletes the earliest arrivals while all events together have more than this many bytes. The size of an event is
   * approximately its encoded size, at most twice that. Documents, indexes and free pages do not count [store/prune/max-bytes].
   */
  readonly maxBytes?: number;
  /** Deletes the earliest arrivals while there are more events than this. */
  readonly maxEvents?: number;
  /** Ends pruning after the current step; the result then has `complete: false` [store/prune/signal, store/prune/signal-midway]. */
  readonly signal?: AbortSignal;
}

/** Result of a `prune`. */
export interface PruneResult {
  readonly deleted: number;
  /** `false` when the signal ended pruning before the policy was met. Call again to continue. */
  readonly complete: boolean;
}

/** Contents of a backup. */
export interface BackupResult {
  readonly events: number;
  readonly bytes: number;
}
