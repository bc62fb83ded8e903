import type { Event, Level, StoredEvent } from '../event/event';
import type { AdapterContext } from './context';
import type { DocumentStore } from './documents';
import type { EventPage, EventQuery, FacetQuery, Facets, Histogram, HistogramQuery } from './query';

/**
 * Keeps events for good and finds them again.
 *
 * In square brackets: the conformance case that proves the promise. Six methods are
 * required; the others have a fallback or lead to `VIGILANT_NOT_SUPPORTED`.
 * Every method but `open` and `close` rejects with `VIGILANT_STORE_CLOSED` before `open` and after `close`
 * has begun [store/lifecycle/closed-rejects].
 *
 * Sequences grow in the order of arrival and are never used twice; once one is visible no
 * smaller one appears [store/append/sequence]. A store has a random epoch, renewed by a restore.
 */
export interface Store {
  readonly capabilities: StoreCapabilities;

  /** Does the work of starting; deletes nothing [store/lifecycle/reopen-keeps]. When it rejects it may be called again. */
  open(context: AdapterContext): Promise<void>;

  /**
   * Persists a batch in one transaction: all of it or nothing [store/append/atomic].
   *
   * The first content of an id wins; the same id again is a duplicate, or a conflict when its content differs
   * in anything but `timestamp` and `receivedAt` (see `sameContent`) [store/append/replay-is-idempotent, store/append/conflict,
   * store/append/duplicate-in-batch]. A rejection may still have been stored: the same batch again is safe.
   *
   * @param batch - Normalised events in order of arrival; none is allowed [store/append/empty].
   * @throws {VigilantError} `VIGILANT_EVENT_REJECTED` only for the content of an event. Anything else is a fault
   * of the store and is tried again.
   */
  append(batch: readonly Event[]): Promise<AppendResult>;

  /** Finds one event by its id, every field as it was given [store/get/every-field]. */
  get(id: string): Promise<StoredEvent | undefined>;

  /**
   * Finds a page of events.
   *
   * Order is total [store/query/order], pages neither repeat nor skip, also while others append
   * [store/paging/stable], `asOf` hides what came later [store/query/as-of], and the filter means
   * what `matches` says [store/filter/agrees-with-matcher]. With `filtering: 'superset'`, or on a page with
   * `superset: true`, events that do not match may be among them: core checks again. A filter may contain kinds and
   * operators that a later core defines: they are undecided, never an error (see `widenFilter`) [store/filter/unknown].
   */
  query(query: EventQuery): Promise<EventPage>;

  /** Counts and health [store/status/counts]. */
  status(): Promise<StoreStatus>;

  /** Waits for running work and releases everything; idempotent, also before `open` [store/lifecycle/close-twice]. */
  close(): Promise<void>;

  /** Counts per bucket; core reads the rows when it is missing [store/histogram/agrees, store/histogram/limit]. */
  histogram?(query: HistogramQuery): Promise<Histogram>;

  /** Top values; core reads the rows when it is missing [store/facets/agrees]. */
  facets?(query: FacetQuery): Promise<Facets>;

  /** Deletes what a policy no longer keeps, in small steps [store/prune/policy]. */
  prune?(policy: RetentionPolicy): Promise<PruneResult>;

  /** Copies everything to a place of its own while it goes on working, and verifies the copy. */
  backup?(target: string): Promise<BackupResult>;

  /** Stores small documents in addition to events; without it dead letters are kept in memory. */
  readonly documents?: DocumentStore;
}

/** What a store declares of itself; frozen, the same for its whole life. */
export interface StoreCapabilities {
  /** `memory`: gone with the process. `disk`: a resolved `append` has survived an fsync. */
  readonly durability: 'memory' | 'disk' | 'replicated';
  /** Several processes may open the same store at once. */
  readonly shared: boolean;
  /**
   * `exact`: `query` returns only matching events, except on pages marked `superset`. `superset`: every page may contain
   * other events, which core removes.
   */
  readonly filtering: 'exact' | 'superset';
}

/** What became of a batch; the three add up to its length. */
export interface AppendResult {
  readonly inserted: number;
  readonly duplicates: number;
  /** Indexes in the batch of events whose id is taken by other content. */
  readonly conflicts: readonly number[];
}

/** Where a store stands. */
export interface StoreStatus {
  /** Random, renewed when the data was restored: cursors of another epoch mean nothing here. */
  readonly epoch: string;
  /** Events stored. */
  readonly events: number;
  /** The highest visible sequence; 0 in a store that never held any. */
  readonly lastSequence: number;
  /** The highest sequence ever pruned; 0 if none. What lies below may have holes. */
  readonly prunedThrough: number;
  /** `degraded`: it works less than it should, such as on a full disk; `reason` says why. */
  readonly state: 'ready' | 'degraded';
  readonly reason?: string;
  /** Size on disk or in memory, in bytes, where known. */
  readonly bytes?: number;
}

/** What to keep. Bounds are combined: what any of them drops is dropped. */
export interface RetentionPolicy {
  /** Drop events received before this time, in milliseconds since the epoch. */
  readonly receivedBefore?: number;
  /** The same for single levels; wins over `receivedBefore`. */
  readonly receivedBeforeByLevel?: Readonly<Partial<Record<Level, number>>>;
  /**
   * Drop the earliest arrivals beyond this many bytes of events. The size of an event is what the store keeps of it, about
   * its encoded size; documents, indexes and free pages do not count [store/prune/max-bytes].
   */
  readonly maxBytes?: number;
  /** Drop the earliest arrivals beyond this many events. */
  readonly maxEvents?: number;
  /** Ends pruning after the current step; the result then has `complete: false` [store/prune/signal]. */
  readonly signal?: AbortSignal;
}

/** What pruning did. */
export interface PruneResult {
  readonly deleted: number;
  /** `false` when the signal ended pruning before the policy was met. Call again to continue. */
  readonly complete: boolean;
}

/** What a backup holds. */
export interface BackupResult {
  readonly events: number;
  readonly bytes: number;
}
