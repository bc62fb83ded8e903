import { createHash } from 'node:crypto';
import { hexToUuid } from '../util/uuid';
import { decodeEvent } from './codec';
import type { Event, JsonValue } from './event';
import type { ResolvedDefaults } from './defaults';
import { NO_DEFAULTS } from './defaults';
import { MAX_TIME_MS } from './limits';
import { normalizeEvent } from './normalize';
import { parseJson } from './parse-json';
import type { Redact } from './redact';
import { redactEvent } from './redact';
import { formatTimestamp } from './timestamp';
import { invalidEvent } from './violations';

/** Times that brokers and producers write for a record without a time. */
const NO_TIME: readonly unknown[] = [undefined, 0, -1];

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Position of a record from another producer. */
export interface ExternalPosition {
  /** Permanent name of the record, such as `events/3/1042`. Determines, with the content, the id of a record without one. */
  readonly name: string;
  /** Time of the record in milliseconds, used as `receivedAt`. 0 and -1 mean none. @defaultValue the current time */
  readonly timestamp?: number;
}

/** Dependencies of `decodeExternalEvent`. */
export interface ExternalContext {
  readonly defaults: ResolvedDefaults;
  /** Returns the current time in milliseconds since the epoch. */
  now(): number;
  readonly redact?: Redact;
}

/**
 * Decodes a record from another producer: an `EventInput` as JSON, or an event encoded by `encodeEvent`.
 *
 * The event is validated like any other input. If it has no id, the id is a UUIDv8 (RFC 9562) derived from its position and
 * content. If it has no timestamp, the timestamp is that of the record. The same record therefore always decodes to the same
 * event. An encoded event is complete: it keeps its `receivedAt`, and no defaults are added.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID`
 */
export function decodeExternalEvent(
  bytes: Uint8Array,
  position: ExternalPosition,
  context: ExternalContext,
): Event {
  const time = NO_TIME.includes(position.timestamp) ? undefined : position.timestamp;
  if (time !== undefined && !(Math.abs(time) <= MAX_TIME_MS)) {
    const reason = `the record's time of ${time} ms is more than ${MAX_TIME_MS} ms from 1970`;
    throw invalidEvent([{ field: 'receivedAt', code: 'out_of_range', limit: MAX_TIME_MS, reason }]);
  }
  const { input, accepted } = read(bytes);
  const receivedAt = accepted ?? time ?? context.now();
  const event = normalizeEvent(input, {
    // An encoded event already has defaults. Adding those of this engine would create different content for the same id.
    defaults: accepted === undefined ? context.defaults : NO_DEFAULTS,
    now: () => receivedAt,
    newId: () => positionId(position.name, bytes),
  });
  return context.redact === undefined ? event : redactEvent(event, context.redact);
}

/** Returns the input in a record and, for an encoded event, the time of its acceptance. */
function read(bytes: Uint8Array): { readonly input: JsonValue | object; readonly accepted?: number } {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw invalidEvent([{ field: '', code: 'malformed', reason: 'the record is not UTF-8' }]);
  }
  if (!text.startsWith('{"v":')) return { input: parseJson(text) };
  const { receivedAt, ...event } = decodeEvent(bytes);
  // A text has an unambiguous unit; the unit of a number would be derived from its size.
  const input = { ...event, timestamp: formatTimestamp(event.timestamp) };
  return Math.abs(receivedAt) <= MAX_TIME_MS ? { input, accepted: receivedAt } : { input };
}

function positionId(name: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(name).update('\0').update(bytes).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return hexToUuid(hash.toString('hex', 0, 16));
}
