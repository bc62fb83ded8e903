import type { VigilantError } from '../util/errors';
import { isVigilantError, toVigilantError } from '../util/errors';
import { createWorkSlicer } from '../util/work-slicer';
import { encodedSize } from '../event/codec';
import type { Event, EventInput, Level } from '../event/event';
import { LEVEL_RANKS, checkLevel } from '../event/level';
import type { ResolvedDefaults } from '../event/defaults';
import { resolveDefaults } from '../event/defaults';
import { fitInput } from '../event/fit';
import type { NormalizeContext } from '../event/normalize';
import { normalizeEvent } from '../event/normalize';
import type { Redact } from '../event/redact';
import { redactEvent } from '../event/redact';
import type { LogBatchResult, Logger, LogReceipt } from '../contracts/logger';
import type { LogContext } from './log-context';
import { createLogContext } from './log-context';
import { checkFunctionOption } from '../util/option-checks';
import { invalidInputs } from './invalid-inputs';
import type { LevelFields } from './level-input';
import { FATAL_SEVERITY, TRACE_SEVERITY, levelInput } from './level-input';
import type { Rejections } from './publish-valid';
import { NONE_REJECTED } from './publish-valid';

/** Dependencies of a logger. */
export interface LoggerParts {
  readonly now: () => number;
  readonly newId: () => string;
  readonly redact: Redact | undefined;
  /** Lowest level that the level methods log. */
  readonly level: Level;
  /**
   * Publishes events. Throws or rejects if they are not accepted.
   *
   * @returns The rejected events of the same publish, which may include events of other calls.
   */
  readonly submit: (events: readonly Event[]) => Promise<Rejections>;
  /**
   * Publishes events whose preparation takes several turns of the event loop. Events that are submitted later are published
   * after them. Reports every failure itself. Without it, all events of a batch are prepared at once.
   *
   * @param prepare - Never rejects.
   */
  readonly submitPrepared?: (prepare: () => Promise<readonly Event[]>) => Promise<Rejections>;
  /** Called for each error of events that were not submitted. */
  readonly onRejected: (error: VigilantError) => void;
}

/** Cost of an invalid event of a batch, in bytes of encoded events. Most of it is the stack of its error. */
const INVALID_EVENT_BYTES = 2_048;

/** An input of a batch: its event, or why it is not valid. */
type Prepared = Event | { readonly error: VigilantError };

const TRACE: LevelFields = { level: 'DEBUG', severity: TRACE_SEVERITY };
const DEBUG: LevelFields = { level: 'DEBUG' };
const INFO: LevelFields = { level: 'INFO' };
const WARN: LevelFields = { level: 'WARN' };
const ERROR: LevelFields = { level: 'ERROR' };
const FATAL: LevelFields = { level: 'ERROR', severity: FATAL_SEVERITY };

/** Creates a logger with defaults. */
export function createLogger(parts: LoggerParts, defaults: ResolvedDefaults): Logger {
  return new EventLogger(parts, defaults, createLogContext());
}

/** Its methods are bound properties, because callers use them detached and in copies such as `{ ...logger }`. */
class EventLogger implements Logger {
  readonly #parts: LoggerParts;
  readonly #context: NormalizeContext;
  readonly #logContext: LogContext;

  constructor(parts: LoggerParts, defaults: ResolvedDefaults, logContext: LogContext) {
    const { now, newId } = parts;
    this.#parts = parts;
    this.#logContext = logContext;
    this.#context = { defaults, now, newId };
  }

  readonly log: Logger['log'] = (input) => {
    let receipt: Promise<LogReceipt>;
    try {
      receipt = this.#submitOne(this.#accept(input, this.#context));
    } catch (error) {
      this.#parts.onRejected(error as VigilantError);
      receipt = Promise.reject(error as Error);
    }
    receipt.catch(ignore);
    return receipt;
  };

  readonly logBatch: Logger['logBatch'] = (inputs) => {
    const result = this.#logBatch(inputs);
    result.catch(ignore);
    return result;
  };

  readonly trace: Logger['trace'] = (message, data) => this.#write(TRACE, message, data);
  readonly debug: Logger['debug'] = (message, data) => this.#write(DEBUG, message, data);
  readonly info: Logger['info'] = (message, data) => this.#write(INFO, message, data);
  readonly warn: Logger['warn'] = (message, data) => this.#write(WARN, message, data);
  readonly error: Logger['error'] = (message, data) => this.#write(ERROR, message, data);
  readonly fatal: Logger['fatal'] = (message, data) => this.#write(FATAL, message, data);

  readonly child: Logger['child'] = (defaults) =>
    new EventLogger(this.#parts, resolveDefaults(defaults, this.#context.defaults), this.#logContext);

  readonly isLevelEnabled: Logger['isLevelEnabled'] = (level) =>
    LEVEL_RANKS[checkLevel('level', level, 'VIGILANT_QUERY_INVALID')] >= LEVEL_RANKS[this.#parts.level];

  readonly withContext: Logger['withContext'] = (data, fn) => {
    checkFunctionOption('fn', fn);
    return this.#logContext.run(data, fn);
  };

  /** Creates the event of an input. @throws {VigilantError} */
  #accept(input: unknown, context: NormalizeContext): Event {
    const { redact } = this.#parts;
    try {
      const event = normalizeEvent(input, context);
      return redact === undefined ? event : redactEvent(event, redact);
    } catch (error) {
      throw toVigilantError(error, 'VIGILANT_INTERNAL', 'The event could not be prepared');
    }
  }

  /** Creates the event of an input and cuts what would be rejected, because `info()` cannot report an error to the caller. */
  #acceptFitting(input: EventInput): Event {
    const context = this.#contextOfCall();
    try {
      return this.#accept(input, context);
    } catch (error) {
      if (!isVigilantError(error) || error.code !== 'VIGILANT_EVENT_INVALID') throw error;
      return this.#accept(fitInput(input), context);
    }
  }

  /** Adds the data of the current function to the defaults. */
  #contextOfCall(): NormalizeContext {
    const data = this.#logContext.current();
    if (data === undefined) return this.#context;
    const { defaults } = this.#context;
    return { ...this.#context, defaults: { ...defaults, data: { ...defaults.data, ...data } } };
  }

  #submitOne(event: Event): Promise<LogReceipt> {
    return this.#parts.submit([event]).then((rejections) => {
      const error = rejections.get(event);
      if (error !== undefined) throw error;
      return { id: event.id };
    });
  }

  #write(level: LevelFields, message: unknown, data: unknown): void {
    if (LEVEL_RANKS[level.level] < LEVEL_RANKS[this.#parts.level]) return;
    try {
      this.#submitOne(this.#acceptFitting(levelInput(level, message, data))).catch(ignore);
    } catch (error) {
      this.#parts.onRejected(toVigilantError(error, 'VIGILANT_EVENT_INVALID', 'The event could not be read'));
    }
  }

  async #logBatch(inputs: readonly EventInput[]): Promise<LogBatchResult> {
    const invalid = invalidInputs('logBatch()', inputs);
    if (invalid !== undefined) {
      this.#parts.onRejected(invalid);
      throw invalid;
    }
    const prepared: Prepared[] = [];
    // A copy, because the caller may change the array. Array.from also visits holes, which are not valid events.
    const pauses = this.#prepareAll(Array.from(inputs), prepared);
    const { value: pause } = pauses.next();
    const rejections = await (pause === undefined
      ? this.#submitAll(eventsOf(prepared))
      : this.#submitLater(prepared, pause, pauses));
    let accepted = 0;
    const results = prepared.map((each): LogBatchResult['results'][number] => {
      const error = isEvent(each) ? rejections.get(each) : each.error;
      if (error !== undefined) return { error };
      accepted += 1;
      return { id: (each as Event).id };
    });
    return { accepted, results };
  }

  /** Appends the events of a batch to `prepared`. Yields a pause at the end of each slice of work. */
  *#prepareAll(inputs: readonly unknown[], prepared: Prepared[]): Generator<Promise<void>, undefined> {
    const slicer = createWorkSlicer();
    // All events have the time of the call.
    const nowMs = this.#context.now();
    const context = { ...this.#context, now: () => nowMs, field: '' };
    for (const [index, input] of inputs.entries()) {
      context.field = `events[${index}]`;
      const each = this.#prepare(input, context);
      prepared.push(each);
      if (index + 1 === inputs.length || this.#parts.submitPrepared === undefined) continue;
      // The broker needs the bytes, which are cached.
      const pause = slicer.count(isEvent(each) ? encodedSize(each) : INVALID_EVENT_BYTES);
      if (pause !== undefined) yield pause;
    }
    return undefined;
  }

  /** Creates the event of an input of a batch; reports and returns the error of an invalid one. */
  #prepare(input: unknown, context: NormalizeContext): Prepared {
    try {
      return this.#accept(input, context);
    } catch (thrown) {
      // `#accept` throws nothing else.
      const error = thrown as VigilantError;
      this.#parts.onRejected(error);
      return { error };
    }
  }

  /** Prepares the rest of a large batch and submits it. */
  async #submitLater(
    prepared: readonly Prepared[],
    pause: Promise<void>,
    pauses: Iterable<Promise<void>>,
  ): Promise<Rejections> {
    const prepareRest = async (): Promise<readonly Event[]> => {
      await pause;
      for (const next of pauses) await next;
      return eventsOf(prepared);
    };
    return (await this.#parts.submitPrepared?.(prepareRest)) ?? NONE_REJECTED;
  }

  /** Submits the events of a batch; reports a failure to submit them, which is not reported elsewhere. */
  async #submitAll(events: readonly Event[]): Promise<Rejections> {
    if (events.length === 0) return NONE_REJECTED;
    try {
      // Not awaited, because `submit` reports a rejection itself.
      return this.#parts.submit(events);
    } catch (error) {
      this.#parts.onRejected(toVigilantError(error, 'VIGILANT_INTERNAL', 'The events could not be accepted'));
      throw error;
    }
  }
}

function eventsOf(prepared: readonly Prepared[]): readonly Event[] {
  return prepared.filter(isEvent);
}

function isEvent(each: Prepared): each is Event {
  return !('error' in each);
}

// Failures are reported where they happen; an unhandled rejection must not end the process.
function ignore(): void {}
