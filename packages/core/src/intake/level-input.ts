import type { EventInput, Level } from '../event/event';
import { isError } from '../event/safe-json';

/**
 * Severity of the events of `trace` and `fatal`, which have no level of their own: the lowest `SeverityNumber` of the same
 * name in the OpenTelemetry log data model.
 */
export const TRACE_SEVERITY = 1;
export const FATAL_SEVERITY = 21;

/** Level of an event, with the severity of methods that have no level of their own. */
export type LevelFields = { readonly level: Level; readonly severity?: number };

/** Creates the input of an event from the arguments of `debug`, `info` or another method with the name of a level. */
export function levelInput(level: LevelFields, message: unknown, data: unknown): EventInput {
  if (typeof message === 'string') return { ...level, message, data: toData(data) };
  if (isError(message)) {
    if (typeof data === 'string') return { ...level, message: data, data: { error: message } };
    return { ...level, message: message.message || message.name, data: withError(data, message) };
  }
  if (typeof message !== 'object' || message === null)
    return { ...level, message: toText(message), data: toData(data) };
  // The order of pino: first the data, then the message.
  if (typeof data === 'string') return { ...level, message: data, data: message };
  return { ...level, message: '', data: data === undefined ? message : { value: [message, data] } };
}

/** Converts data to a form that `fitInput` accepts. Values that JSON leaves out become text. */
function toData(data: unknown): object | null {
  if (isError(data)) return { error: data };
  if (typeof data === 'function' || typeof data === 'symbol') return { value: toText(data) };
  return (data ?? null) as object | null;
}

function toText(value: unknown): string {
  return typeof value === 'function' ? `[Function ${value.name || 'anonymous'}]` : String(value);
}

/** Adds an Error to data. Data that cannot be copied is put under a key, where each unreadable value becomes a mark. */
function withError(data: unknown, error: Error): object {
  const own = toData(data);
  if (own === null) return { error };
  try {
    return typeof own !== 'object' || Array.isArray(own) ? { value: own, error } : { ...own, error };
  } catch {
    return { value: own, error };
  }
}
