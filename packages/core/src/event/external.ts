import { createHash } from 'node:crypto';
import { decodeEvent } from './codec';
import type { Event, JsonValue } from './event';
import type { ResolvedDefaults } from './defaults';
import { resolveDefaults } from './defaults';
import { MAX_TIME_MS } from './limits';
import { normalizeEvent } from './normalize';
import { parseJson } from './parse-json';
import type { Redact } from './redact';
import { redactEvent } from './redact';
import { formatTimestamp } from './timestamp';
import { invalidEvent } from './violations';

/** Values that brokers and producers write for a record without a time. */
const NO_TIME: readonly unknown[] = [undefined, 0, -1];

const UTF8 = new TextDecoder('utf-8', { fatal: true });

const NO_DEFAULTS = resolveDefaults({});

/** Where a record that is not ours came from. */
export interface ExternalPosition {
  /** Names the record for ever, such as `events/3/1042`. With the content it makes the id of a record that has none. */
  readonly name: string;
  /** The record's own time in milliseconds, kept as `receivedAt`; 0 and -1 mean that it has none. @defaultValue now */
  readonly timestamp?: number;
}

/** Dependencies of `decodeExternalEvent`. */
export interface ExternalContext {
  readonly defaults: ResolvedDefaults;
  now(): number;
  readonly redact?: Redact;
}

/**
 * Decodes bytes that come from elsewhere: an event as JSON, in any form that input may have, or as `encodeEvent` makes it.
 *
 * Checked like any input. Without an id of its own it gets a UUIDv8 (RFC 9562) of its position and content, without a
 * timestamp that of its position; so the same record always decodes to the same event. What an engine has encoded is
 * complete: it keeps the time of its acceptance, and no defaults are added.
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
    // An engine has already given it its own: those of another one would make two contents of one id.
    defaults: accepted === undefined ? context.defaults : NO_DEFAULTS,
    now: () => receivedAt,
    newId: () => positionId(position.name, bytes),
  });
  return context.redact === undefined ? event : redactEvent(event, context.redact);
}

/** What the bytes hold, and when an engine accepted it, if one did. */
function read(bytes: Uint8Array): { readonly input: JsonValue | object; readonly accepted?: number } {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw invalidEvent([{ field: '', code: 'malformed', reason: 'is not UTF-8' }]);
  }
  if (!text.startsWith('{"v":')) return { input: parseJson(text) };
  const { receivedAt, ...event } = decodeEvent(bytes);
  // As text a time has its unit; as a number its size would have to tell.
  const input = { ...event, timestamp: formatTimestamp(event.timestamp) };
  return Math.abs(receivedAt) <= MAX_TIME_MS ? { input, accepted: receivedAt } : { input };
}

function positionId(name: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(name).update('\0').update(bytes).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
