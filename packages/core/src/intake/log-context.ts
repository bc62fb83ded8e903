import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonObject } from '../event/event';
import { readData } from '../event/read-fields';
import { toViolation, violationError } from '../event/violations';
import { activeTrace } from './active-trace';

/** Data of the events that are logged within a function and everything that it calls, including asynchronously. */
export interface LogContext {
  /**
   * Calls a function with further data, whose keys take precedence over those of the current function.
   *
   * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` if it is not an object, or too large together with that of the current
   * function.
   */
  run<T>(data: object, fn: () => T): T;
  /** Returns the data of the current function and the ids of the active trace; `undefined` if there are none. */
  current(): JsonObject | undefined;
}

/** Creates the context of a logger and its children. */
export function createLogContext(): LogContext {
  return new AsyncContext();
}

class AsyncContext implements LogContext {
  readonly #storage = new AsyncLocalStorage<JsonObject>();

  run<T>(data: object, fn: () => T): T {
    return this.#storage.run(this.#merge(data), fn);
  }

  current(): JsonObject | undefined {
    const data = this.#storage.getStore();
    const trace = activeTrace();
    if (trace === undefined) return data;
    return { ...trace, ...data };
  }

  #merge(data: object): JsonObject {
    try {
      return readData(data, this.#storage.getStore()).value;
    } catch (error) {
      throw violationError('VIGILANT_OPTIONS_INVALID', [toViolation('', 'data', error)]);
    }
  }
}
