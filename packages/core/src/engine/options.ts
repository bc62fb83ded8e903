import type { Broker } from '../contracts/broker';
import type { DocumentStore } from '../contracts/documents';
import type { RetentionOptions } from '../contracts/retention';
import type { Store } from '../contracts/store';
import type { Clock } from '../util/clock';
import type { DiagnosticSink } from '../util/diagnostics';
import type { ResolvedDefaults } from '../event/defaults';
import type { Event, EventDefaults, Level } from '../event/event';
import type { ResolvedRetention } from '../retention/resolve-retention';

/** Options of `createVigilant`. A broker and a store belong to one engine until it is closed. */
export interface VigilantOptions {
  /** Must be absent if the store is read-only. @defaultValue a memory broker: events may be lost with the process */
  readonly broker?: Broker | undefined;
  /**
   * If its `capabilities` declare `readOnly`, the engine only queries and tails: calls that write reject with
   * `VIGILANT_READ_ONLY`.
   *
   * @defaultValue a memory store
   */
  readonly store?: Store | undefined;
  /** Values for fields that events leave out. */
  readonly defaults?: EventDefaults | undefined;
  /**
   * Lowest level that `trace`, `debug`, `info`, `warn`, `error` and `fatal` log: the name of a level, as in `EventInput`. `log` and
   * `logBatch` log every level. @defaultValue `'DEBUG'`
   */
  readonly level?: string | undefined;
  readonly batch?: BatchOptions | undefined;
  /** Maximum time a query waits for events accepted before it, in milliseconds. @defaultValue 2000 */
  readonly freshMs?: number | undefined;
  /** Maximum duration of `close`, in milliseconds. @defaultValue 10000 */
  readonly graceMs?: number | undefined;
  /** Maximum size of the events that the broker has not confirmed yet, in bytes. @defaultValue 64 MiB */
  readonly maxPendingBytes?: number | undefined;
  readonly deadLetters?: DeadLetterOptions | undefined;
  /** Rules for deleting old events. Must be absent if the store cannot delete. @defaultValue all events are kept */
  readonly retention?: RetentionOptions | undefined;
  /** Removes or replaces sensitive parts of an event before the broker, tails and dead letters receive it. */
  readonly redact?: ((event: Event) => Event) | undefined;
  /** @defaultValue the first warning or error of each kind becomes a warning of the process (`process.emitWarning`) */
  readonly onDiagnostic?: DiagnosticSink | undefined;
  /** Replaces the system clock in tests. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

/**
 * When the scheduler writes a batch: as soon as any limit is reached, or when the broker is half full.
 *
 * A process holds up to two full batches in memory, the one being written and the next. It stops consuming from the broker
 * at `2 * (maxBytes + 1 KiB * maxEvents)`, or at 32 MiB if that is more.
 */
export interface BatchOptions {
  /** Longest time an event waits for its batch, in milliseconds. @defaultValue 30000 */
  readonly intervalMs?: number | undefined;
  /** @defaultValue 5000 */
  readonly maxEvents?: number | undefined;
  /** In bytes of encoded events. @defaultValue 8 MiB */
  readonly maxBytes?: number | undefined;
}

/** Options of dead letters. */
export interface DeadLetterOptions {
  /** @defaultValue the documents of the store; a store without documents keeps letters in memory */
  readonly documents?: DocumentStore | undefined;
  /** Maximum number of dead letters. Beyond it the oldest are dropped and the status is `degraded`. @defaultValue 10000 */
  readonly maxCount?: number | undefined;
}

/** Options of which none is absent or `undefined`. */
type Complete<T> = { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> };

/** Options of an engine with all defaults applied. */
export interface ResolvedVigilantOptions {
  readonly broker: Broker;
  readonly store: Store;
  /** Whether the store is read-only. Then nothing is published, and no scheduler runs. */
  readonly isReadOnly: boolean;
  readonly defaults: ResolvedDefaults;
  readonly level: Level;
  readonly batch: Complete<BatchOptions>;
  readonly freshMs: number;
  readonly graceMs: number;
  readonly maxPendingBytes: number;
  readonly deadLetters: Complete<DeadLetterOptions> & {
    /** Whether the documents are lost when the process ends although the store is not. */
    readonly isVolatile: boolean;
  };
  /** `undefined` if all events are kept. */
  readonly retention: ResolvedRetention | undefined;
  readonly redact: ((event: Event) => Event) | undefined;
  readonly onDiagnostic: DiagnosticSink | undefined;
  readonly clock: Clock;
}
