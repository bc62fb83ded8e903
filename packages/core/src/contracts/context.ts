import type { Clock } from '../clock';
import type { DiagnosticSink } from '../diagnostics';
import type { Event } from '../event/event';

/** Where a record that is not ours came from. */
export interface ForeignPosition {
  /** Names the record for ever, such as `events/3/1042`. With the content it makes the id of a record that has none. */
  readonly name: string;
  /** The record's own time in milliseconds, kept as `receivedAt`. @defaultValue now */
  readonly timestamp?: number;
}

/**
 * What the engine hands an adapter at `open`.
 *
 * Adapters print nothing, read no environment and set no timers but by the clock.
 */
export interface AdapterContext {
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  /** Aborted when the engine gives up waiting for `close`: end everything at once. */
  readonly signal: AbortSignal;
  /**
   * Decodes bytes that come from elsewhere, as every door does: validated, limited, redacted.
   *
   * A pure function of bytes and position, so that a redelivery decodes to the same event.
   *
   * @throws {VigilantError} `VIGILANT_EVENT_INVALID`; report the bytes as a `MalformedMessage`.
   */
  decodeEvent(bytes: Uint8Array, position: ForeignPosition): Event;
}
