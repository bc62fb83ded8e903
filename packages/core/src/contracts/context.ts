import type { Clock } from '../util/clock';
import type { DiagnosticSink } from '../util/diagnostics';
import type { Event } from '../event/event';
import type { ExternalPosition } from '../event/external';

export type { ExternalPosition };

/**
 * Services that the engine passes to an adapter in `open`.
 *
 * Adapters do not print, do not read the environment, and set timers only through the clock.
 */
export interface AdapterContext {
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  /**
   * Aborted when the engine stops waiting for `close`, or for `open` because the engine is closing. Every pending operation then settles
   * at once, including `close` [broker/abandon/settles-all, store/abandon/settles-all], even if the database does not
   * answer [store/fault/abandon, store/fault/abandon-open]. It has no listener limit, so each call may pass it to
   * `abortable`.
   */
  readonly signal: AbortSignal;
  /**
   * Decodes a record from another producer. The event is validated and redacted like any other input.
   *
   * Returns the same event for the same bytes and position, so that a redelivered record keeps its id.
   *
   * @throws {VigilantError} `VIGILANT_EVENT_INVALID`; report the record as a `MalformedMessage`.
   */
  decodeEvent(bytes: Uint8Array, position: ExternalPosition): Event;
}
