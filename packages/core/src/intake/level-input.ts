import type { EventInput, Level } from '../event/event';
import { isError } from '../event/safe-json';

/** Creates the input of an event that `debug`, `info`, `warn` or `error` logs. */
export function levelInput(level: Level, message: string | Error, data: object | undefined): EventInput {
  if (isError(message)) {
    return { level, message: message.message || message.name, data: withError(data, message) };
  }
  if (isError(data)) return { level, message, data: { error: data } };
  return data === undefined ? { level, message } : { level, message, data };
}

/** Adds an Error to data. Data that cannot be copied is put under a key, where each unreadable value becomes a mark. */
function withError(data: object | undefined, error: Error): object {
  try {
    return { ...data, error };
  } catch {
    return { value: data, error };
  }
}
