import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonObject } from '../event/event';
import { activeTrace } from './active-trace';

/** Data of the events that are logged within a function and within everything that it calls, also asynchronously. */
export interface LogContext {
  /** Calls a function with further data, whose keys take precedence over those of the current function. */
  run<T>(data: JsonObject, fn: () => T): T;
  /** Returns the data of the current function and the ids of the active trace; `undefined` if there are none. */
  current(): JsonObject | undefined;
}

/** Creates the context of a logger and its children. */
export function createLogContext(): LogContext {
  return new AsyncContext();
}

class AsyncContext implements LogContext {
  readonly #storage = new AsyncLocalStorage<JsonObject>();

  run<T>(data: JsonObject, fn: () => T): T {
    return this.#storage.run({ ...this.#storage.getStore(), ...data }, fn);
  }

  current(): JsonObject | undefined {
    const data = this.#storage.getStore();
    const trace = activeTrace();
    if (trace === undefined) return data;
    return { ...trace, ...data };
  }
}
