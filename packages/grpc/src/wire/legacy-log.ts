import type { Event, EventInput, Filter, JsonObject, JsonValue } from '@vigilant/core';
import { parseTimestamp } from '@vigilant/core';
import { LEVEL_RANKS } from '@vigilant/core/adapter';
import type { GetLogsRequest, Log } from '../generated/logger';
import { LogLevel } from '../generated/logger';
import { invalidField } from './invalid-field';
import { toBigInt } from './int64';

const MAX_UINT32 = 2 ** 32 - 1;

/** The meaning of the predecessor's levels, except ALL, which means that the level is absent. */
const LEVEL_NAMES: ReadonlyMap<number, Event['level']> = new Map([
  [LogLevel.NONE, 'INFO'],
  [LogLevel.INFO, 'INFO'],
  [LogLevel.WARN, 'WARN'],
  [LogLevel.ERROR, 'ERROR'],
  [LogLevel.DEBUG, 'DEBUG'],
]);

/** Converts a log to an input; zero and empty fields are absent. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function fromLog(log: Log): EventInput {
  const { message = '', tags, data } = log;
  // Most clients send seconds, some milliseconds. Core selects the unit by the magnitude.
  const timestamp = toBigInt(log.timestamp);
  return {
    id: log.id || undefined,
    message,
    level: readLevel(log.level),
    severity: log.severity || undefined,
    timestamp: timestamp === 0n ? undefined : timestamp,
    origin: log.origin || undefined,
    source: log.source || undefined,
    type: log.type || undefined,
    group: log.group || undefined,
    tags: tags || undefined,
    data: data?.fields,
  } as EventInput;
}

/** Converts an event to a log. An id that is not a 32-bit number becomes 0, and data that is not text becomes JSON. */
export function toLog(event: Event): Log {
  const { message, origin, source, type, group } = event;
  return {
    id: /^[1-9]\d{0,9}$/.test(event.id) && Number(event.id) <= MAX_UINT32 ? Number(event.id) : 0,
    message,
    level: LogLevel[event.level],
    severity: event.severity >>> 0,
    timestamp: Math.floor(event.timestamp / 1000),
    origin,
    source,
    type,
    group,
    tags: event.tags.join(','),
    data: { fields: toTexts(event.data) },
  };
}

/**
 * Converts a request to a filter that requires all its fields; zero and empty fields are absent.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID`
 */
export function toFilter(request: GetLogsRequest): Filter {
  const filters: Filter[] = [];
  for (const field of ['origin', 'source', 'type', 'group'] as const) {
    const value = request[field];
    if (value) filters.push(textFilter(field, value));
  }
  for (const tag of (request.tags ?? '').split(','))
    if (tag.trim() !== '') filters.push(textFilter('tags', tag.trim()));
  if (request.message) filters.push({ kind: 'contains', text: request.message });
  const level = readLevel(request.level);
  if (level !== undefined)
    filters.push({ kind: 'ordered', field: 'level', operator: '=', value: LEVEL_RANKS[level] });
  if (request.severity)
    filters.push({ kind: 'ordered', field: 'severity', operator: '=', value: request.severity | 0 });
  const timestamp = toBigInt(request.timestamp);
  if (timestamp !== 0n) filters.push(...withinUnit(timestamp));
  return { kind: 'and', filters };
}

function textFilter(field: 'origin' | 'source' | 'type' | 'group' | 'tags', value: string): Filter {
  return { kind: 'text', field, operator: 'equals', value };
}

/** Matches the second, millisecond or microsecond that an epoch names. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
function withinUnit(epoch: bigint): Filter[] {
  const from = parseTimestamp(epoch);
  const size = epoch < 0n ? -epoch : epoch;
  const unit = size < 10n ** 11n ? 1_000_000 : size < 10n ** 14n ? 1_000 : 1;
  return [
    { kind: 'ordered', field: 'timestamp', operator: '>=', value: from },
    { kind: 'ordered', field: 'timestamp', operator: '<', value: from + unit },
  ];
}

function readLevel(level: number = LogLevel.ALL): Event['level'] | undefined {
  if (level === LogLevel.ALL) return undefined;
  const name = LEVEL_NAMES.get(level);
  if (name !== undefined) return name;
  const names = Object.keys(LogLevel).join(', ');
  throw invalidField(
    'VIGILANT_EVENT_INVALID',
    'level',
    'unknown_value',
    `${level} is not a valid level (${names})`,
  );
}

function toTexts(data: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, toText(value)]));
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
