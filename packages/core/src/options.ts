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

/** When the scheduler writes a batch: as soon as any bound is reached. */
export interface BatchOptions {
  /** Longest time an event waits for its batch, in milliseconds. @defaultValue 30000 */
  readonly intervalMs?: number;
  /** @defaultValue 5000 */
  readonly maxEvents?: number;
  /** In bytes of encoded events. @defaultValue 8 MiB */
  readonly maxBytes?: number;
  /** Most bytes taken from the broker and not acknowledged. @defaultValue 32 MiB */
  readonly maxUnacknowledgedBytes?: number;
}

/** Where dead letters go. */
export interface DeadLetterOptions {
  /** @defaultValue the store's documents */
  readonly documents?: DocumentStore;
  /** Most dead letters kept; when full, the pipeline is degraded and forgets nothing. @defaultValue 10000 */
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
  readonly deadLetters: { readonly documents: DocumentStore | undefined; readonly maxCount: number };
  readonly redact: ((event: Event) => Event) | undefined;
  readonly onDiagnostic: DiagnosticSink | undefined;
  readonly clock: Clock;
}
