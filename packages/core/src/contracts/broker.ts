import type { EncodedEvents } from '../event/encoded-events';
import type { Event } from '../event/event';
import type { AdapterContext } from './context';

/**
 * Stores published events durably and delivers them to the scheduler until they are acknowledged.
 *
 * The conformance case that proves a guarantee is named in square brackets.
 * Every method except `open`, `status` and `close` rejects with `VIGILANT_BROKER_CLOSED` before `open` and after `close`
 * has begun [broker/lifecycle/closed-rejects].
 */
export interface Broker {
  readonly capabilities: BrokerCapabilities;

  /**
   * Opens the broker. Unacknowledged events of earlier runs are delivered again [broker/redelivery/reopen].
   * May be retried after a failure.
   */
  open(context: AdapterContext): Promise<void>;

  /**
   * Accepts a batch as a whole, and resolves when it is held with the declared durability [broker/publish/all-delivered].
   *
   * Batches that are published one after another are delivered in that order [broker/publish/order].
   *
   * @param events - Normalised events; may be empty [broker/publish/empty].
   * @throws {VigilantError} `VIGILANT_BROKER_FULL` or `VIGILANT_BROKER_CLOSED`: no event was
   * accepted [broker/backpressure/full-takes-nothing]. `VIGILANT_EVENT_INVALID`: no event was accepted, because the broker
   * cannot hold one of them; core publishes the others again without it. After any other rejection the outcome is unknown.
   */
  publish(events: readonly Event[]): Promise<void>;

  /**
   * Same as `publish`, for a broker that keeps events encoded [broker/publish/encoded]. Core calls it instead of `publish`,
   * so that each event is encoded once and then no longer occupies memory as an object. Such a broker must hold any valid event.
   */
  publishEncoded?(events: EncodedEvents): Promise<void>;

  /**
   * Delivers events that are published and not acknowledged, until the signal or `close` ends the iteration.
   *
   * Deliveries are pulled: each request returns the next delivery, even while earlier ones are
   * unacknowledged [broker/consume/many-unacknowledged]. A broker object has one consumer at a time. A new consumer
   * receives the events that the previous one did not acknowledge [broker/redelivery/new-consumer].
   */
  consume(options: ConsumeOptions): AsyncIterable<Delivery>;

  /**
   * Returns the events that any process publishes from now on, each as early as possible [broker/watch/all-processes].
   *
   * Once the promise has resolved, no event is missed while the iteration runs [broker/watch/nothing-missed]. Events may
   * repeat. Watching does not acknowledge events. A watcher that falls behind by more than `maxBufferedBytes` ends with
   * `VIGILANT_WATCH_OVERFLOW`, and other watchers are not affected [broker/watch/overflow].
   */
  watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>>;

  /**
   * Resolves when every event that any process published before the call is acknowledged [broker/barrier/waits-for-ack].
   *
   * This includes events of a process that ended without `close` [broker/abandon/another-process].
   * Sends the consumer a delivery with `flush` set, so that it writes at once [broker/barrier/flush]. When the signal is
   * aborted, the barrier resolves with `complete: false` instead of rejecting [broker/barrier/signal].
   */
  barrier(options: BarrierOptions): Promise<BarrierResult>;

  /** Returns the current status, synchronously and without I/O. */
  status(): BrokerStatus;

  /**
   * Ends all deliveries and watches and releases all resources. Idempotent; may be called before
   * `open` [broker/lifecycle/close-twice].
   */
  close(): Promise<void>;
}

/** Properties that a broker declares. Frozen and constant for its lifetime. */
export interface BrokerCapabilities {
  /**
   * Failures that events survive once `publish` has resolved. `memory`: none, they are lost with the process. `unsynced`: a
   * crash of the process, but not of the machine, because they are written without an fsync. `disk`: a crash of the machine,
   * after an fsync. `replicated`: the loss of a machine, after a quorum has written them.
   */
  readonly durability: 'memory' | 'unsynced' | 'disk' | 'replicated';
  /** Whether several processes can use the same broker. `watch` and `barrier` then include the events of all of them. */
  readonly shared: boolean;
}

/** Options of `consume`. */
export interface ConsumeOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Target size of a delivery, in bytes of encoded events. @defaultValue 1 MiB */
  readonly maxBytes?: number;
}

/** A group of events to write, and their acknowledgement. */
export interface Delivery {
  /** Decoded on access if the delivery has `encoded`. */
  readonly events: readonly Event[];
  /** The same events, encoded [broker/consume/encoded]. Absent if the broker does not hold them encoded. */
  readonly encoded?: EncodedEvents;
  /** Records that could not be decoded. They are acknowledged with the delivery, once they are stored as dead letters. */
  readonly malformed: readonly MalformedMessage[];
  /** Whether a barrier is waiting: write everything received so far. `events` may be empty. */
  readonly flush: boolean;
  /** Aborted when another consumer takes over these events. Events that are not written yet may be dropped. */
  readonly signal: AbortSignal;
  /**
   * Acknowledges the delivery. Once it has resolved, the events are never delivered again [broker/redelivery/acked-stays-away].
   *
   * Deliveries may be acknowledged in any order [broker/ack/any-order] and more than once [broker/ack/twice]. Has no effect
   * after another consumer has taken over.
   */
  ack(): Promise<void>;
}

/** A record that is not a valid event. */
export interface MalformedMessage {
  readonly bytes: Uint8Array;
  /** Permanent name of the record, such as `events/3/1042`. */
  readonly position: string;
  readonly reason: string;
}

/** Options of `watch`. */
export interface WatchOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Maximum size of the events that wait for a slow watcher, in bytes of encoded events. @defaultValue 16 MiB */
  readonly maxBufferedBytes?: number;
}

/** Options of `barrier`. */
export interface BarrierOptions {
  /** Ends the wait. The barrier then resolves with the progress made. */
  readonly signal: AbortSignal;
}

/** Result of a barrier. */
export interface BarrierResult {
  /** Whether every event published before the barrier is acknowledged. */
  readonly complete: boolean;
  /** Number of those events that are not acknowledged, if the broker knows it. 0 when complete. */
  readonly pending?: number;
}

/** Status of a broker. It describes progress rather than liveness. */
export interface BrokerStatus {
  /** `degraded`: the broker works with restrictions, which `reason` explains. */
  readonly state: 'closed' | 'ready' | 'degraded';
  readonly reason?: string;
  /**
   * Whether nothing can be published or acknowledged at present, for example while the server cannot be reached. Queries
   * then return at once instead of waiting for a barrier. Absent or `false` while events make progress, even if
   * slowly [broker/status/not-blocked].
   */
  readonly isBlocked?: boolean;
  /**
   * Whether the pending events will be lost at `close`, although the broker is durable, such as after its file was deleted.
   * Absent or `false` while the broker keeps what it declares [broker/status/not-volatile].
   */
  readonly isVolatile?: boolean;
  /** Number of unacknowledged events. Includes at least those in the backlog of this process. */
  readonly pendingEvents: number;
  /** Size of the unacknowledged events, in bytes of encoded events. */
  readonly pendingBytes: number;
  /** Maximum of `pendingBytes` before the broker is full. Absent if the broker has no limit of its own. */
  readonly capacityBytes?: number;
  /** When the broker last accepted or acknowledged events, in milliseconds since the epoch. */
  readonly lastProgressAt?: number;
  readonly lastError?: string;
  /**
   * Durability of accepted events if it is known only after opening, such as that of a server with configurable replication.
   * Never below the declared one, which applies if this is absent [broker/status/durability].
   */
  readonly durability?: 'unsynced' | 'disk' | 'replicated';
}
