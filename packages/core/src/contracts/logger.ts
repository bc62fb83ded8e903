import type { EventDefaults, EventInput } from '../event/event';
import type { VigilantError } from '../util/errors';

/** Logs events. Implemented by the engine and by each child logger. */
export interface Logger {
  /**
   * Logs one event. Resolves when the broker holds it with its declared durability.
   *
   * The promise does not have to be awaited. A failure is also reported to the diagnostics.
   *
   * @throws {VigilantError} `VIGILANT_EVENT_INVALID`, `VIGILANT_BROKER_FULL`, `VIGILANT_BROKER_CLOSED`, `VIGILANT_CLOSED` or
   * `VIGILANT_READ_ONLY`: the event was not accepted. The same applies to `VIGILANT_INTERNAL` when the option `redact` fails.
   * After any other code the outcome is unknown: log the event again with the same id.
   */
  log(input: EventInput): Promise<LogReceipt>;
  /**
   * Logs the valid events of a batch and returns an error for each invalid one.
   *
   * A batch of more than about 128 KiB is read in slices, between which other work of the process runs. Do not change its
   * events before the promise settles. Events are published in the order of the calls.
   *
   * @throws {VigilantError} As `log`, except for invalid events, which are part of the result.
   */
  logBatch(inputs: readonly EventInput[]): Promise<LogBatchResult>;
  /**
   * Logs an event of level `DEBUG` without returning a receipt. Failures are reported to the diagnostics.
   *
   * Accepts any value, so that a caught value can be logged without a check. The message of an Error becomes the message of
   * the event, and the Error becomes `data.error`; a string after an Error replaces the message. An object followed by a string
   * is data and message, as in pino. Any other message becomes text; placeholders such as `%s` are not replaced. Data that is
   * not an object is put under the key `value`. Values that `log` would reject for their size or depth are cut and marked. The
   * ids of the active OpenTelemetry span become `data.trace_id`, `data.span_id` and `data.trace_flags`.
   */
  debug(message: unknown, data?: unknown): void;
  /** Logs an event of level `DEBUG` with severity 1, the number of TRACE in OpenTelemetry, as `debug` does. */
  trace(message: unknown, data?: unknown): void;
  /** Logs an event of level `INFO`, as `debug` does. */
  info(message: unknown, data?: unknown): void;
  /** Logs an event of level `WARN`, as `debug` does. */
  warn(message: unknown, data?: unknown): void;
  /** Logs an event of level `ERROR`, as `debug` does. */
  error(message: unknown, data?: unknown): void;
  /** Logs an event of level `ERROR` with severity 21, the number of FATAL in OpenTelemetry, as `debug` does. */
  fatal(message: unknown, data?: unknown): void;
  /**
   * Creates a logger with its own defaults, which take precedence over those of this logger.
   *
   * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` when a default is invalid or unknown.
   */
  child(defaults: EventDefaults): Logger;
  /**
   * Returns whether the method of a level logs, that is, whether the level is at least the option `level`. Use it to
   * avoid creating expensive data that would be dropped. Always `false` if the store is read-only.
   *
   * @param level - Name of a level, as in `EventInput`.
   * @throws {VigilantError} `VIGILANT_QUERY_INVALID` when it is not a level.
   */
  isLevelEnabled(level: string): boolean;
  /**
   * Calls a function and returns its result. The given top-level keys are added to the data of events that level methods, such
   * as `info`, log within it, including asynchronously and through child loggers, unless the data has them. Contexts nest.
   *
   * `log` and `logBatch` ignore the context.
   *
   * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` when the data is not an object, or exceeds 256 KiB as JSON together with
   * that of the outer contexts.
   */
  withContext<T>(data: object, fn: () => T): T;
}

/** Receipt of an accepted event. */
export interface LogReceipt {
  /** Id of the event, given or generated. */
  readonly id: string;
}

/** Result of `logBatch`. */
export interface LogBatchResult {
  /** Number of accepted events. */
  readonly accepted: number;
  /** Receipt or error of each event, in the order of the batch. */
  readonly results: readonly ({ readonly id: string } | { readonly error: VigilantError })[];
}
