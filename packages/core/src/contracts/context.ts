import type { Clock } from '../util/clock';
import type { DiagnosticSink } from '../util/diagnostics';
import type { Event } from '../event/event';
import type { ExternalPosition } from '../event/external';

export type { ExternalPosition };

/**
 * What the engine hands an adapter at `open`.
 *
 * Adapters print nothing, read no environment and set no timers but by the clock.
 */
export interface AdapterContext {
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  /**
   * Aborted when the engine stops waiting for `close`. Every pending operation then settles at once, `close`
   * included [broker/abandon/settles-all, store/abandon/settles-all].
   */
  readonly signal: AbortSignal;
  /**
   * Decodes bytes that come from elsewhere, as every door does: validated, limited, redacted.
   *
   * A pure function of bytes and position, so that a redelivery decodes to the same event.
   *
   * @throws {VigilantError} `VIGILANT_EVENT_INVALID`; report the bytes as a `MalformedMessage`.
   */
  decodeEvent(bytes: Uint8Array, position: ExternalPosition): Event;
}
