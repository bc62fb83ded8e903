import type { VigilantError } from '../util/errors';
import { isVigilantError, toVigilantError } from '../util/errors';
import { createWorkSlicer } from '../util/work-slicer';
import { encodedSize } from '../event/codec';
import type { EncodedEvents, EventEncoder } from '../event/encoded-events';
import { createEventEncoder } from '../event/encoded-events';
import type { Event, EventInput, Level } from '../event/event';
import { LEVEL_RANKS, checkLevel } from '../event/level';
import type { ResolvedDefaults } from '../event/defaults';
import { resolveDefaults } from '../event/defaults';
import { fitInput } from '../event/fit';
import type { NormalizeContext } from '../event/normalize';
import { normalize, normalizeEvent } from '../event/normalize';
import type { Redact } from '../event/redact';
import { redactEvent } from '../event/redact';
import type { LogBatchResult, Logger, LogReceipt } from '../contracts/logger';
import type { LogContext } from './log-context';
import { createLogContext } from './log-context';
import { checkFunctionOption } from '../util/option-checks';
import { invalidInputs } from './invalid-inputs';
import type { Prepare } from './group-publisher';
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
  readonly submitPrepared?: (prepare: Prepare) => Promise<Rejections>;
  /** Publishes encoded events as `submit` does. With it, the events of a batch are encoded one by one, to free their memory. */
  readonly submitEncoded?: (events: EncodedEvents) => Promise<Rejections>;
  /** Called for each error of events that were not submitted. */
  readonly onRejected: (error: VigilantError) => void;
}

/** Cost of an invalid event of a batch, in bytes of encoded events. Most of it is the stack of its error. */
const INVALID_EVENT_BYTES = 2_048;

/** An input of a batch: its event, or only its receipt if the event is encoded, or why the input is not valid. */
type Prepared = Event | LogReceipt | { readonly error: VigilantError };

/** The events of a batch. */
interface Batch {
  readonly prepared: Prepared[];
  /** `undefined` if the broker does not keep events encoded. */
  readonly encoder: EventEncoder | undefined;
}

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
  #accept(input: unknown, context: NormalizeContext, isEncodedAtOnce = false): Event {
    const { redact } = this.#parts;
    try {
      const event = isEncodedAtOnce ? normalize(input, context).event : normalizeEvent(input, context);
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
    const { submitEncoded } = this.#parts;
    const batch: Batch = { prepared: [], encoder: submitEncoded && createEventEncoder() };
    // A copy, because the caller may change the array. Array.from also visits holes, which are not valid events.
    const pauses = this.#prepareAll(Array.from(inputs), batch);
    const { value: pause } = pauses.next();
    const rejections = await (pause === undefined
      ? this.#submitAll(batch)
      : this.#submitLater(batch, pause, pauses));
    let accepted = 0;
    const results = batch.prepared.map((each): LogBatchResult['results'][number] => {
      const error = 'error' in each ? each.error : rejections.get(each as Event);
      if (error !== undefined) return { error };
      accepted += 1;
      return batch.encoder === undefined ? { id: (each as Event).id } : (each as LogReceipt);
    });
    return { accepted, results };
  }

  /** Prepares the events of a batch. Yields a pause at the end of each slice of work. */
  *#prepareAll(inputs: readonly unknown[], batch: Batch): Generator<Promise<void>, undefined> {
    const slicer = createWorkSlicer();
    // All events have the time of the call.
    const nowMs = this.#context.now();
    const context = { ...this.#context, now: () => nowMs, field: '' };
    for (const [index, input] of inputs.entries()) {
      context.field = `events[${index}]`;
      const bytes = this.#prepare(input, context, batch);
      if (index + 1 === inputs.length || this.#parts.submitPrepared === undefined) continue;
      const pause = slicer.count(bytes);
      if (pause !== undefined) yield pause;
    }
    return undefined;
  }

  /** Prepares an input of a batch; reports the error of an invalid one. Returns its encoded size. */
  #prepare(input: unknown, context: NormalizeContext, { prepared, encoder }: Batch): number {
    try {
      const event = this.#accept(input, context, encoder !== undefined);
      const bytes = encoder?.add(event) ?? encodedSize(event);
      prepared.push(encoder === undefined ? event : { id: event.id });
      return bytes;
    } catch (thrown) {
      // `#accept` throws nothing else.
      const error = thrown as VigilantError;
      this.#parts.onRejected(error);
      prepared.push({ error });
      return INVALID_EVENT_BYTES;
    }
  }

  /** Prepares the rest of a large batch and submits it. */
  async #submitLater(
    batch: Batch,
    pause: Promise<void>,
    pauses: Iterable<Promise<void>>,
  ): Promise<Rejections> {
    const prepareRest: Prepare = async () => {
      await pause;
      for (const next of pauses) await next;
      return batch.encoder?.finish() ?? eventsOf(batch);
    };
    return (await this.#parts.submitPrepared?.(prepareRest)) ?? NONE_REJECTED;
  }

  /** Submits the events of a batch; reports a failure to submit them, which is not reported elsewhere. */
  async #submitAll(batch: Batch): Promise<Rejections> {
    const { submit, submitEncoded } = this.#parts;
    try {
      // Not awaited, because `submit` and `submitEncoded` report a rejection themselves.
      if (submitEncoded !== undefined && batch.encoder !== undefined)
        return batch.encoder.count === 0 ? NONE_REJECTED : submitEncoded(batch.encoder.finish());
      const events = eventsOf(batch);
      return events.length === 0 ? NONE_REJECTED : submit(events);
    } catch (error) {
      this.#parts.onRejected(toVigilantError(error, 'VIGILANT_INTERNAL', 'The events could not be accepted'));
      throw error;
    }
  }
}

/** Returns the events of a batch that is not encoded. */
function eventsOf({ prepared }: Batch): readonly Event[] {
  return prepared.filter((each): each is Event => !('error' in each));
}

// Failures are reported where they happen; an unhandled rejection must not end the process.
function ignore(): void {}
