import type { VigilantError } from '../util/errors';
import { isVigilantError, toVigilantError } from '../util/errors';
import type { Event, EventInput, Level } from '../event/event';
import type { ResolvedDefaults } from '../event/defaults';
import { resolveDefaults } from '../event/defaults';
import { fitInput } from '../event/fit';
import { normalizeEvent } from '../event/normalize';
import type { Redact } from '../event/redact';
import { redactEvent } from '../event/redact';
import { isError } from '../event/safe-json';
import type { LogBatchResult, Logger, LogReceipt } from '../contracts/vigilant';
import { invalidInputs } from './invalid-inputs';
import type { Rejections } from './publish-valid';

/** Dependencies of a logger. */
export interface LoggerParts {
  readonly now: () => number;
  readonly newId: () => string;
  readonly redact: Redact | undefined;
  /**
   * Publishes events. Throws or rejects if they are not accepted.
   *
   * @returns The rejected events of the same publish, which may include events of other calls.
   */
  readonly submit: (events: readonly Event[]) => Promise<Rejections>;
  /** Called for each error of events that were not submitted. */
  readonly onRejected: (error: VigilantError) => void;
}

const NONE: Rejections = new Map();

/** Creates a logger with defaults. */
export function createLogger(parts: LoggerParts, defaults: ResolvedDefaults): Logger {
  const { now, newId, redact, submit, onRejected } = parts;
  const context = { defaults, now, newId };

  const accept = (input: unknown, field?: string): Event => {
    try {
      const event = normalizeEvent(input, field === undefined ? context : { ...context, field });
      return redact === undefined ? event : redactEvent(event, redact);
    } catch (error) {
      throw toVigilantError(error, 'VIGILANT_INTERNAL', 'The event could not be prepared');
    }
  };

  /** Submits events; reports a failure to submit them, which is not reported elsewhere. */
  const submitted = (events: readonly Event[]): Promise<Rejections> => {
    try {
      return submit(events);
    } catch (error) {
      onRejected(toVigilantError(error, 'VIGILANT_INTERNAL', 'The events could not be accepted'));
      throw error;
    }
  };

  const submitOne = (event: Event): Promise<LogReceipt> =>
    submit([event]).then((rejected) => {
      const rejection = rejected.get(event);
      if (rejection !== undefined) throw rejection;
      return { id: event.id };
    });

  const acceptAll = async (inputs: readonly EventInput[]): Promise<LogBatchResult> => {
    const invalid = invalidInputs('logBatch()', inputs);
    if (invalid !== undefined) {
      onRejected(invalid);
      throw invalid;
    }
    const events: Event[] = [];
    // Array.from also visits holes, which are not valid events.
    const results = Array.from(inputs, (input, index): LogBatchResult['results'][number] => {
      try {
        const event = accept(input, `events[${index}]`);
        events.push(event);
        return { id: event.id };
      } catch (thrown) {
        // Like log(): accept() throws nothing else.
        const error = thrown as VigilantError;
        onRejected(error);
        return { error };
      }
    });
    const rejected = events.length > 0 ? await submitted(events) : NONE;
    if (rejected.size === 0) return { accepted: events.length, results };
    let index = -1;
    const settled = results.map((result): typeof result => {
      if ('error' in result) return result;
      index += 1;
      const error = rejected.get(events[index] as Event);
      return error === undefined ? result : { error };
    });
    return { accepted: settled.filter((result) => 'id' in result).length, results: settled };
  };

  /** Cuts an input that would be rejected, because `info()` and the like cannot report the error to the caller. */
  const acceptFitting = (input: EventInput): Event => {
    try {
      return accept(input);
    } catch (error) {
      if (isVigilantError(error) && error.code === 'VIGILANT_EVENT_INVALID') return accept(fitInput(input));
      throw error;
    }
  };

  const write = (level: Level, message: string | Error, data: object | undefined): void => {
    try {
      submitOne(acceptFitting(toInput(level, message, data))).catch(ignore);
    } catch (error) {
      onRejected(toVigilantError(error, 'VIGILANT_EVENT_INVALID', 'The event could not be read'));
    }
  };

  return {
    log(input) {
      let receipt: Promise<LogReceipt>;
      try {
        const event = accept(input);
        receipt = submitOne(event);
      } catch (error) {
        onRejected(error as VigilantError);
        receipt = Promise.reject(error as Error);
      }
      receipt.catch(ignore);
      return receipt;
    },
    logBatch(inputs) {
      const result = acceptAll(inputs);
      result.catch(ignore);
      return result;
    },
    debug: (message, data) => write('DEBUG', message, data),
    info: (message, data) => write('INFO', message, data),
    warn: (message, data) => write('WARN', message, data),
    error: (message, data) => write('ERROR', message, data),
    child: (more) => createLogger(parts, resolveDefaults(more, defaults)),
  };
}

function toInput(level: Level, message: string | Error, data: object | undefined): EventInput {
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

// Failures are reported where they happen; a promise that nobody awaits must not end the process.
function ignore(): void {}
