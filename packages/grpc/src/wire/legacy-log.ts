import type { Event, EventInput, Filter, JsonObject, JsonValue } from '@vigilant/core';
import { LEVELS, parseTimestamp } from '@vigilant/core';
import type { GetLogsRequest, Log } from '../generated/logger';
import { LogLevel } from '../generated/logger';
import { fieldError } from './field-error';
import { toBigInt } from './int64';

const MAX_UINT32 = 2 ** 32 - 1;

/** What the predecessor's levels mean; ALL is none. */
const LEVEL_NAMES: ReadonlyMap<number, Event['level']> = new Map([
  [LogLevel.NONE, 'INFO'],
  [LogLevel.INFO, 'INFO'],
  [LogLevel.WARN, 'WARN'],
  [LogLevel.ERROR, 'ERROR'],
  [LogLevel.DEBUG, 'DEBUG'],
]);

/** Makes an input of a log: what is zero or empty was not given. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function fromLog(log: Log): EventInput {
  const { id, message = '', severity, origin, source, type, group, tags, data } = log;
  const level = readLevel(log.level);
  const timestamp = toBigInt(log.timestamp);
  return {
    message,
    ...(id ? { id } : {}),
    ...(level === undefined ? {} : { level }),
    ...(severity ? { severity } : {}),
    // Seconds, but for clients that sent milliseconds: core tells them by their size.
    ...(timestamp === 0n ? {} : { timestamp }),
    ...(origin ? { origin } : {}),
    ...(source ? { source } : {}),
    ...(type ? { type } : {}),
    ...(group ? { group } : {}),
    ...(tags ? { tags } : {}),
    ...(data?.fields === undefined ? {} : { data: data.fields }),
  };
}

/** Makes a log of an event: what the old form cannot say becomes zero, or text. */
export function toLog(event: Event): Log {
  return {
    id: /^[1-9]\d{0,9}$/.test(event.id) && Number(event.id) <= MAX_UINT32 ? Number(event.id) : 0,
    message: event.message,
    level: LogLevel[event.level],
    severity: event.severity >>> 0,
    timestamp: Math.floor(event.timestamp / 1000),
    origin: event.origin,
    source: event.source,
    type: event.type,
    group: event.group,
    tags: event.tags.join(','),
    data: { fields: toTexts(event.data) },
  };
}

/** Makes a filter of a request: what is zero or empty filters nothing, all else must hold. @throws {VigilantError} */
export function toFilter(request: GetLogsRequest): Filter {
  const filters: Filter[] = [];
  const equals = (field: 'origin' | 'source' | 'type' | 'group' | 'tags', value: string): void =>
    void filters.push({ kind: 'text', field, operator: 'equals', value });
  for (const field of ['origin', 'source', 'type', 'group'] as const) {
    const value = request[field];
    if (value) equals(field, value);
  }
  for (const tag of (request.tags ?? '').split(',')) if (tag.trim() !== '') equals('tags', tag.trim());
  if (request.message) filters.push({ kind: 'contains', text: request.message });
  const level = readLevel(request.level);
  if (level !== undefined)
    filters.push({ kind: 'ordered', field: 'level', operator: '=', value: LEVELS.indexOf(level) });
  if (request.severity)
    filters.push({ kind: 'ordered', field: 'severity', operator: '=', value: request.severity | 0 });
  const timestamp = toBigInt(request.timestamp);
  if (timestamp !== 0n) filters.push(...withinUnit(timestamp));
  return { kind: 'and', filters };
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
  throw fieldError('level', 'unknown_value', `${level} is no level (${names})`);
}

function toTexts(data: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, toText(value)]));
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
