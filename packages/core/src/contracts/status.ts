import type { BrokerCapabilities, BrokerStatus } from './broker';
import type { StoreCapabilities, StoreStatus } from './store';

/** State of an engine and its parts. */
export interface VigilantStatus {
  readonly state: 'idle' | 'ready' | 'degraded' | 'closing' | 'closed';
  /** Why it is degraded. */
  readonly reasons: readonly string[];
  readonly capabilities: { readonly broker: BrokerCapabilities; readonly store: StoreCapabilities };
  readonly broker: BrokerStatus;
  /** Absent when the store is not open or does not respond. */
  readonly store?: StoreStatus;
  readonly scheduler: SchedulerStatus;
  readonly intake: {
    readonly accepted: number;
    readonly invalid: number;
    /** Events that were rejected or whose outcome is unknown. */
    readonly failed: number;
    readonly pendingBytes: number;
  };
  readonly tails: number;
}

/** State of the scheduler, with counts since its start. */
export interface SchedulerStatus {
  readonly state: 'idle' | 'waiting' | 'writing' | 'retrying' | 'closed';
  /** Why it is retrying. */
  readonly reason?: string;
  readonly waitingEvents: number;
  readonly waitingBytes: number;
  readonly stored: number;
  /** Events that were already stored, such as resent ones. */
  readonly duplicates: number;
  /** Events whose id belongs to a stored event with different content; they become dead letters. */
  readonly conflicts: number;
  /** Events and records that became dead letters. */
  readonly deadLetters: number;
  /** Dead letters dropped because the collection was full. */
  readonly droppedDeadLetters: number;
  readonly batches: number;
  readonly failedWrites: number;
}
