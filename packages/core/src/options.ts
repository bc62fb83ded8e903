import type { Broker } from './contracts/broker';
import type { DocumentStore } from './contracts/documents';
import type { Store } from './contracts/store';
import type { Clock } from './clock';
import type { DiagnosticSink } from './diagnostics';
import type { Event, EventDefaults } from './event/event';

/** Options of `createVigilant`. */
export interface VigilantOptions {
  /** @defaultValue a memory broker: events may be lost with the process */
  readonly broker?: Broker;
  /** @defaultValue a memory store */
  readonly store?: Store;
  /** Values for fields that events leave out. */
  readonly defaults?: EventDefaults;
  readonly batch?: BatchOptions;
  /** How long a query waits for what was accepted before it, in milliseconds. @defaultValue 2000 */
  readonly freshMs?: number;
  /** How long `close` may take, in milliseconds. @defaultValue 10000 */
  readonly graceMs?: number;
  /** Most bytes of events accepted by `log` that the broker has not yet confirmed. @defaultValue 64 MiB */
  readonly maxPendingBytes?: number;
  readonly deadLetters?: DeadLetterOptions;
  /** Changes or drops the sensitive parts of an event before broker, tail, errors and dead letters see it. */
  readonly redact?: (event: Event) => Event;
  /** @defaultValue nothing is reported */
  readonly onDiagnostic?: DiagnosticSink;
  /** For tests. @defaultValue the system's */
  readonly clock?: Clock;
}

/**
 * When the scheduler writes a batch: as soon as any bound is reached, or the broker is half full.
 *
 * A process holds two full batches in memory, the one being written and the next, and at least 32 MiB: `maxBytes` and
 * 1 KiB for each of `maxEvents`, twice. Then it takes no more from the broker.
 */
export interface BatchOptions {
  /** Longest time an event waits for its batch, in milliseconds. @defaultValue 30000 */
  readonly intervalMs?: number;
  /** @defaultValue 5000 */
  readonly maxEvents?: number;
  /** In bytes of encoded events. @defaultValue 8 MiB */
  readonly maxBytes?: number;
}

/** Where dead letters go. */
export interface DeadLetterOptions {
  /** @defaultValue the store's documents, or memory when it keeps none: then letters end with the process */
  readonly documents?: DocumentStore;
  /** Most dead letters kept; beyond it the oldest are dropped and counted, and the status is `degraded`. @defaultValue 10000 */
  readonly maxCount?: number;
}

/** Options of an engine with nothing left open. */
export interface ResolvedVigilantOptions {
  readonly broker: Broker;
  readonly store: Store;
  readonly defaults: EventDefaults;
  readonly batch: Required<BatchOptions>;
  readonly freshMs: number;
  readonly graceMs: number;
  readonly maxPendingBytes: number;
  readonly deadLetters: Required<DeadLetterOptions> & {
    /** Whether the documents end with the process although the store does not. */
    readonly isVolatile: boolean;
  };
  readonly redact: ((event: Event) => Event) | undefined;
  readonly onDiagnostic: DiagnosticSink | undefined;
  readonly clock: Clock;
}
