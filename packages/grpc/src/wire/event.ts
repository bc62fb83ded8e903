import type { Event, EventInput, JsonObject, StoredEvent } from '@vigilant/core';
import { LEVELS, LEVEL_RANKS, parseJson } from '@vigilant/core';
import type { Event as EventMessage } from '../generated/vigilant-v1';
import { fieldError } from './field-error';
import { toNumber } from './int64';
import { fromStruct, toStruct } from './struct';
import { fromTimestamp, toTimestamp, toTimestampInput } from './timestamp';

/** Of `data_json` as it is sent; core limits what it says. */
export const MAX_DATA_JSON_BYTES = 1024 * 1024;

/** How data goes into a message. */
export type DataFormat = 'struct' | 'json';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Makes an input for core of what was sent. Core checks it.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` for what core cannot see.
 */
export function toEventInput(message: EventMessage): EventInput {
  const { id, level, severity, timestamp, origin, source, type, group, tags } = message;
  return {
    ...(message.message === undefined ? {} : { message: message.message }),
    ...(id === undefined ? {} : { id }),
    // A number without a name is refused by core, like a name that it does not know.
    ...(level === undefined || level === 0 ? {} : { level: LEVELS[level - 1] ?? String(level) }),
    ...(severity === undefined ? {} : { severity }),
    ...(timestamp === undefined ? {} : { timestamp: toTimestampInput(timestamp) }),
    ...(origin === undefined ? {} : { origin }),
    ...(source === undefined ? {} : { source }),
    ...(type === undefined ? {} : { type }),
    ...(group === undefined ? {} : { group }),
    ...(tags === undefined || tags.length === 0 ? {} : { tags }),
    ...toDataInput(message),
  } as EventInput;
}

function toDataInput({ data, dataJson }: EventMessage): Pick<EventInput, 'data'> {
  if (data !== undefined) return { data: fromStruct(data) };
  if (dataJson === undefined || dataJson.length === 0) return {};
  const limit = MAX_DATA_JSON_BYTES;
  if (dataJson.length > limit)
    throw fieldError('data_json', 'too_large', `has ${dataJson.length} bytes of at most ${limit}`, limit);
  let text: string;
  try {
    text = UTF8.decode(dataJson);
  } catch {
    throw fieldError('data_json', 'malformed', 'is no UTF-8');
  }
  try {
    return { data: parseJson(text) as JsonObject };
  } catch {
    throw fieldError('data_json', 'malformed', 'is no JSON');
  }
}

/** Makes a message of an event. A number in data that a double cannot hold is text already. */
export function toEventMessage(
  event: Event & { readonly sequence?: number },
  format: DataFormat,
): EventMessage {
  return {
    id: event.id,
    message: event.message,
    level: LEVEL_RANKS[event.level] + 1,
    severity: event.severity,
    timestamp: toTimestamp(event.timestamp),
    origin: event.origin,
    source: event.source,
    type: event.type,
    group: event.group,
    tags: event.tags,
    ...(format === 'struct'
      ? { data: toStruct(event.data) }
      : { dataJson: Buffer.from(JSON.stringify(event.data)) }),
    receivedAt: toTimestamp(event.receivedAt),
    ...(event.sequence === undefined ? {} : { sequence: event.sequence }),
  };
}

/** Makes an event of a message of our server, with data as JSON. */
export function fromEventMessage(message: EventMessage): StoredEvent {
  return {
    id: message.id ?? '',
    message: message.message ?? '',
    level: LEVELS[(message.level ?? 0) - 1] ?? 'INFO',
    severity: message.severity ?? 0,
    timestamp: fromTimestamp(message.timestamp ?? {}),
    receivedAt: fromTimestamp(message.receivedAt ?? {}),
    origin: message.origin ?? '',
    source: message.source ?? '',
    type: message.type ?? '',
    group: message.group ?? '',
    tags: message.tags ?? [],
    data: message.dataJson === undefined ? {} : (JSON.parse(UTF8.decode(message.dataJson)) as JsonObject),
    sequence: toNumber(message.sequence),
  };
}
