import type { BrokerCapabilities, BrokerStatus } from './broker';
import type { StoreCapabilities, StoreStatus } from './store';
import type { RetentionStatus } from './retention';

/** State of an engine and its parts. */
export interface VigilantStatus {
  readonly state: 'idle' | 'ready' | 'degraded' | 'closing' | 'closed';
  /** Reasons for the state `degraded`. */
  readonly reasons: readonly string[];
  readonly capabilities: { readonly broker: BrokerCapabilities; readonly store: StoreCapabilities };
  readonly broker: BrokerStatus;
  /** Absent if the store is not open or does not respond within 2 seconds. */
  readonly store?: StoreStatus;
  /**
   * Timestamp of the oldest stored event, in milliseconds since the epoch. If `store.prunedThrough` is not 0, retention has
   * deleted events, and ranges before this time are empty for that reason. Absent if the store is empty or does not respond.
   */
  readonly oldestEventAt?: number;
  readonly scheduler: SchedulerStatus;
  /** Absent if the engine has no retention rules. */
  readonly retention?: RetentionStatus;
  readonly intake: {
    /** Number of accepted events. */
    readonly accepted: number;
    /** Number of invalid events. */
    readonly invalid: number;
    /** Number of events that the broker rejected or whose outcome is unknown. */
    readonly failed: number;
    /** Size of the events that wait for the broker, in bytes. */
    readonly pendingBytes: number;
  };
  /** Number of open tails. */
  readonly tails: number;
}

/** State of the scheduler, with counts since its start. */
export interface SchedulerStatus {
  readonly state: 'idle' | 'waiting' | 'writing' | 'retrying' | 'closed';
  /** Reason for the state `retrying`. */
  readonly reason?: string;
  readonly waitingEvents: number;
  readonly waitingBytes: number;
  /**
   * Time since the receipt of the oldest event that is delivered but not stored yet, in milliseconds. 0 if there is none.
   */
  readonly lagMs: number;
  /**
   * Time between the receipt and the storage of the oldest event of the last written batch, in milliseconds. Absent before
   * the first batch.
   */
  readonly storedLagMs?: number;
  /** Number of stored events. */
  readonly stored: number;
  /** Number of events that were already stored, for example because they were sent again. */
  readonly duplicates: number;
  /** Number of events whose id belongs to a stored event with different content; they become dead letters. */
  readonly conflicts: number;
  /** Number of events and records that became dead letters. */
  readonly deadLetters: number;
  /** Number of dead letters that were dropped because the collection was full. */
  readonly droppedDeadLetters: number;
  readonly batches: number;
  readonly failedWrites: number;
}
