import type { Event, EventInput, JsonObject, StoredEvent } from '@vigilant/core';
import { LEVELS, parseJson } from '@vigilant/core';
import { LEVEL_RANKS } from '@vigilant/core/adapter';
import type { Event as EventMessage } from '../generated/vigilant-v1';
import { Level } from '../generated/vigilant-v1';
import { checkLength, invalidField } from './invalid-field';
import { toNumber } from './int64';
import { fromStruct, toStruct } from './struct';
import { fromTimestamp, toTimestamp, toTimestampInput } from './timestamp';

/** Maximum bytes of `data_json` as it is sent. Core limits the data that it contains. */
export const MAX_DATA_JSON_BYTES = 1024 * 1024;

/** The form of data in a message. */
export type DataFormat = 'struct' | 'json';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Converts a message to an input, which core validates.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` if data or timestamp cannot be converted.
 */
export function toEventInput(event: EventMessage): EventInput {
  const { id, message, severity, timestamp, origin, source, type, group, tags } = event;
  return {
    id,
    message,
    level: toLevelInput(event.level),
    severity,
    timestamp: timestamp === undefined ? undefined : toTimestampInput(timestamp),
    origin,
    source,
    type,
    group,
    tags: tags?.length === 0 ? undefined : tags,
    data: toDataInput(event),
  } as EventInput;
}

/** Returns the name of a level. A number that is not in the enum becomes a text that core rejects. */
function toLevelInput(level: number = Level.LEVEL_UNSPECIFIED): string | undefined {
  return level === Level.LEVEL_UNSPECIFIED ? undefined : (LEVELS[level - 1] ?? String(level));
}

function toDataInput({ data, dataJson }: EventMessage): object | undefined {
  if (data !== undefined) return fromStruct(data);
  if (dataJson === undefined || dataJson.length === 0) return undefined;
  const { length } = dataJson;
  checkLength('VIGILANT_EVENT_INVALID', 'data_json', 'too_large', length, 'bytes', MAX_DATA_JSON_BYTES);
  let text: string;
  try {
    text = UTF8.decode(dataJson);
  } catch {
    throw invalidField('VIGILANT_EVENT_INVALID', 'data_json', 'malformed', 'is not valid UTF-8');
  }
  try {
    return parseJson(text) as JsonObject;
  } catch {
    throw invalidField('VIGILANT_EVENT_INVALID', 'data_json', 'malformed', 'is not valid JSON');
  }
}

/** Converts an event to a message. Integers in data that a double cannot hold are already text. */
export function toEventMessage(
  event: Event & { readonly sequence?: number },
  format: DataFormat,
): EventMessage {
  const { id, message, severity, origin, source, type, group, tags, sequence } = event;
  return {
    id,
    message,
    level: LEVEL_RANKS[event.level] + 1,
    severity,
    timestamp: toTimestamp(event.timestamp),
    origin,
    source,
    type,
    group,
    tags,
    data: format === 'struct' ? toStruct(event.data) : undefined,
    dataJson: format === 'json' ? Buffer.from(JSON.stringify(event.data)) : undefined,
    receivedAt: toTimestamp(event.receivedAt),
    sequence,
  };
}

/** Converts a message of our server, with data as JSON, to an event. */
export function fromEventMessage(event: EventMessage): StoredEvent {
  const { id = '', message = '', severity = 0, origin = '', source = '', type = '', group = '' } = event;
  const { level = Level.LEVEL_UNSPECIFIED, timestamp = {}, receivedAt = {}, tags = [], dataJson } = event;
  return {
    id,
    message,
    level: LEVELS[level - 1] ?? 'INFO',
    severity,
    timestamp: fromTimestamp(timestamp),
    receivedAt: fromTimestamp(receivedAt),
    origin,
    source,
    type,
    group,
    tags,
    data: dataJson === undefined ? {} : (JSON.parse(UTF8.decode(dataJson)) as JsonObject),
    sequence: toNumber(event.sequence),
  };
}
