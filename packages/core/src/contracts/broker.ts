import type { Event } from '../event/event';
import type { AdapterContext } from './context';

/**
 * Takes events durably and hands them to the scheduler until they are acknowledged.
 *
 * In square brackets: the conformance case that proves the promise.
 * Every method but `open`, `status` and `close` rejects with `VIGILANT_BROKER_CLOSED` before `open`
 * and after `close` has begun [broker/lifecycle/closed-rejects].
 */
export interface Broker {
  readonly capabilities: BrokerCapabilities;

  /** Does the work of starting. Unacknowledged events of earlier runs are delivered again [broker/redelivery/reopen]. When it rejects it may be called again. */
  open(context: AdapterContext): Promise<void>;

  /**
   * Takes a batch whole, and resolves once it is held at the declared durability [broker/publish/all-delivered].
   *
   * Batches published one after another are delivered in that order [broker/publish/order].
   *
   * @param events - Normalised; none is allowed [broker/publish/empty].
   * @throws {VigilantError} `VIGILANT_BROKER_FULL` or `VIGILANT_BROKER_CLOSED`: nothing was
   * taken [broker/backpressure/full-takes-nothing]. `VIGILANT_EVENT_INVALID`: nothing was taken because one of them cannot
   * be; the others are published again without it. Any other rejection leaves the outcome unknown.
   */
  publish(events: readonly Event[]): Promise<void>;

  /**
   * Delivers what was published and is not acknowledged, until the signal or `close` ends it.
   *
   * Pull: the next delivery is made when it is asked for, also while earlier ones are
   * unacknowledged [broker/consume/many-unacknowledged]. One consumer per broker object at a time; what an earlier
   * one left unacknowledged is delivered again [broker/redelivery/new-consumer].
   */
  consume(options: ConsumeOptions): AsyncIterable<Delivery>;

  /**
   * Sees every event published from now on, by any process, as early as possible [broker/watch/all-processes].
   *
   * Once the promise resolves nothing published later is missed while the iteration runs
   * [broker/watch/nothing-missed]. Repeats are allowed; nothing is acknowledged by watching.
   * A watcher that falls behind `maxBufferedBytes` ends with `VIGILANT_WATCH_OVERFLOW` and harms no
   * other [broker/watch/overflow].
   */
  watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>>;

  /**
   * Settles when everything published before, by any process, is acknowledged [broker/barrier/waits-for-ack].
   *
   * This includes events of a process that ended without `close` [broker/abandon/another-process].
   * Makes the consumer hurry with a delivery whose `flush` is set [broker/barrier/flush]. At the signal it
   * resolves with `complete: false`; it does not reject for it [broker/barrier/signal].
   */
  barrier(options: BarrierOptions): Promise<BarrierResult>;

  /** Where it stands, at once, without I/O. */
  status(): BrokerStatus;

  /** Ends deliveries and watches and releases everything; idempotent, also before `open` [broker/lifecycle/close-twice]. */
  close(): Promise<void>;
}

/** What a broker declares of itself; frozen, the same for its whole life. */
export interface BrokerCapabilities {
  /**
   * What a resolved `publish` has survived: `memory` nothing (lost with the process), `disk` an fsync,
   * `replicated` a quorum of machines.
   */
  readonly durability: 'memory' | 'disk' | 'replicated';
  /** Several processes may use the same broker; each sees the others' events in `watch` and `barrier`. */
  readonly shared: boolean;
}

/** How to consume. */
export interface ConsumeOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Aim for deliveries of at most this many bytes of encoded events. @defaultValue 1 MiB */
  readonly maxBytes?: number;
}

/** Some events to write, and how to say that they are. */
export interface Delivery {
  readonly events: readonly Event[];
  /** Records that could not be decoded; acknowledged with the delivery once they are dead letters. */
  readonly malformed: readonly MalformedMessage[];
  /** A barrier stands behind these: write all received so far. `events` may be empty. */
  readonly flush: boolean;
  /** Aborted when somebody else took these events over: unwritten ones may be dropped. */
  readonly signal: AbortSignal;
  /**
   * Says that all of it is stored; resolves when that is durable, so that it never comes again [broker/redelivery/acked-stays-away].
   *
   * Any order [broker/ack/any-order], more than once [broker/ack/twice], also superseded (does nothing).
   */
  ack(): Promise<void>;
}

/** A record that is no event. */
export interface MalformedMessage {
  readonly bytes: Uint8Array;
  /** Names it for ever, such as `events/3/1042`. */
  readonly position: string;
  readonly reason: string;
}

/** How to watch. */
export interface WatchOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** How much may wait for a slow watcher, in bytes of encoded events. @defaultValue 16 MiB */
  readonly maxBufferedBytes?: number;
}

/** How to raise a barrier. */
export interface BarrierOptions {
  /** When to give up and answer with what was reached. */
  readonly signal: AbortSignal;
}

/** How far a barrier came. */
export interface BarrierResult {
  /** Everything published before it is acknowledged. */
  readonly complete: boolean;
  /** How many of those events still wait, where the broker knows. 0 when complete. */
  readonly pending?: number;
}

/** Where a broker stands. Health is progress, not liveness. */
export interface BrokerStatus {
  /** `degraded`: it works less than it should, `reason` says why. */
  readonly state: 'closed' | 'ready' | 'degraded';
  readonly reason?: string;
  /**
   * Whether nothing can be published or acknowledged at present, such as while the server cannot be reached. Queries then
   * return at once instead of waiting for a barrier. Absent or `false` while events make progress, even if
   * slowly [broker/status/not-blocked].
   */
  readonly isBlocked?: boolean;
  /** Events held and not acknowledged, those of this process's backlog at least. */
  readonly pendingEvents: number;
  /** Their size in bytes of encoded events. */
  readonly pendingBytes: number;
  /** How much it may hold before it is full; absent when it does not bound itself. */
  readonly capacityBytes?: number;
  /** When it last moved on (took or acknowledged something), by the wall clock in milliseconds. */
  readonly lastProgressAt?: number;
  readonly lastError?: string;
  /**
   * Durability of accepted events if it is known only after opening, such as that of a server with configurable replication.
   * Never below the declared one, which applies if this is absent [broker/status/durability].
   */
  readonly durability?: 'disk' | 'replicated';
}
