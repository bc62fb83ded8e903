import type { VigilantError } from '../util/errors';
import { isVigilantError, toVigilantError } from '../util/errors';
import type { EncodedEvents } from '../event/encoded-events';
import { rememberNormalized } from '../event/codec';
import type { Event, EventInput, Level } from '../event/event';
import { LEVEL_RANKS, checkLevel } from '../event/level';
import type { ResolvedDefaults } from '../event/defaults';
import { resolveDefaults } from '../event/defaults';
import { fitInput } from '../event/fit';
import type { NormalizeContext } from '../event/normalize';
import { normalize } from '../event/normalize';
import type { Redact } from '../event/redact';
import { redactEvent } from '../event/redact';
import { createSlabEncoder } from '../event/encoded-events';
import { toMicros } from '../event/timestamp';
import { WireEvent } from '../event/wire-event';
import { WireWriter, isWireDefaults } from '../event/wire-writer';
import type { LogBatchResult, Logger, LogReceipt } from '../contracts/logger';
import type { Accepted, LogBatch } from './log-batch';
import { createLogBatch } from './log-batch';
import type { LogContext } from './log-context';
import { createLogContext } from './log-context';
import { checkFunctionOption } from '../util/option-checks';
import type { WorkSlicer } from '../util/work-slicer';
import { createWorkSlicer } from '../util/work-slicer';
import type { EventReader, SingleEventReader } from './event-reader';
import { addWireMethod, createInputReader } from './event-reader';
import { checkInputs } from './check-inputs';
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
   * @param bytes - Their approximate encoded size, if it is known.
   * @returns The rejected events of the same publish, which may include events of other calls.
   */
  readonly submit: (events: readonly Event[], bytes?: number) => Promise<Rejections>;
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

const TRACE: LevelFields = { level: 'DEBUG', severity: TRACE_SEVERITY };
const DEBUG: LevelFields = { level: 'DEBUG' };
const INFO: LevelFields = { level: 'INFO' };
const WARN: LevelFields = { level: 'WARN' };
const ERROR: LevelFields = { level: 'ERROR' };
const FATAL: LevelFields = { level: 'ERROR', severity: FATAL_SEVERITY };

/** Creates a logger with defaults. */
export function createLogger(parts: LoggerParts, defaults: ResolvedDefaults): Logger {
  return new EventLogger(parts, defaults, { logContext: createLogContext(), slicer: createWorkSlicer() });
}

/** Parts that a logger shares with its children. */
interface Shared {
  readonly logContext: LogContext;
  /** Divides the preparation of all batches into slices. */
  readonly slicer: WorkSlicer;
}

/** Its methods are bound properties, because callers use them detached and in copies such as `{ ...logger }`. */
class EventLogger implements Logger {
  readonly #parts: LoggerParts;
  readonly #context: NormalizeContext;
  readonly #shared: Shared;
  /** Present if events can be encoded without being decoded. */
  readonly #writer: WireWriter | undefined;

  constructor(parts: LoggerParts, defaults: ResolvedDefaults, shared: Shared) {
    const { now, newId, redact, submitEncoded } = parts;
    const isWire = submitEncoded !== undefined && redact === undefined && isWireDefaults(defaults);
    this.#parts = parts;
    this.#shared = shared;
    this.#context = { defaults, now, newId };
    this.#writer = isWire ? new WireWriter(defaults) : undefined;
  }

  readonly log = addWireMethod<'log'>(
    (input) => this.#start(() => this.#submitInput(input)),
    (reader) => this.#start(() => this.#submitWire(reader) ?? this.#submitInput(reader.readInput(0))),
  );

  readonly logBatch = addWireMethod<'logBatch'>(
    (inputs) => this.#start(() => this.#submitBatch(this.#createBatch(readerOf(inputs)))),
    (reader) => this.#start(() => this.#submitBatch(this.#createBatch(reader))),
  );

  readonly trace: Logger['trace'] = (message, data) => this.#write(TRACE, message, data);
  readonly debug: Logger['debug'] = (message, data) => this.#write(DEBUG, message, data);
  readonly info: Logger['info'] = (message, data) => this.#write(INFO, message, data);
  readonly warn: Logger['warn'] = (message, data) => this.#write(WARN, message, data);
  readonly error: Logger['error'] = (message, data) => this.#write(ERROR, message, data);
  readonly fatal: Logger['fatal'] = (message, data) => this.#write(FATAL, message, data);

  readonly child: Logger['child'] = (defaults) =>
    new EventLogger(this.#parts, resolveDefaults(defaults, this.#context.defaults), this.#shared);

  readonly isLevelEnabled: Logger['isLevelEnabled'] = (level) =>
    LEVEL_RANKS[checkLevel('level', level, 'VIGILANT_QUERY_INVALID')] >= LEVEL_RANKS[this.#parts.level];

  readonly withContext: Logger['withContext'] = (data, fn) => {
    checkFunctionOption('fn', fn);
    return this.#shared.logContext.run(data, fn);
  };

  /** Submits events and reports an error that is thrown before they are submitted. The promise need not be awaited. */
  #start<Result>(submit: () => Promise<Result>): Promise<Result> {
    let result: Promise<Result>;
    try {
      result = submit();
    } catch (thrown) {
      const error = toVigilantError(thrown, 'VIGILANT_INTERNAL', 'The events could not be prepared');
      this.#parts.onRejected(error);
      result = Promise.reject(error);
    }
    result.catch(ignore);
    return result;
  }

  /** Creates the event of an input. @throws {VigilantError} */
  readonly #accept = (input: unknown, context: NormalizeContext, isEncodedAtOnce = false): Accepted => {
    const { redact } = this.#parts;
    try {
      const normalized = normalize(input, context, isEncodedAtOnce);
      const { event, estimate, dataJson } = normalized;
      if (redact !== undefined) return { event: redactEvent(event, redact), estimate };
      if (isEncodedAtOnce) return normalized;
      if (dataJson !== undefined) rememberNormalized(event, estimate, dataJson);
      return { event, estimate };
    } catch (error) {
      throw toVigilantError(error, 'VIGILANT_INTERNAL', 'The event could not be prepared');
    }
  };

  /** Creates the event of an input and cuts values that would be rejected, because `info()` cannot report an error to the caller. */
  #acceptFitting(input: EventInput): Accepted {
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
    const data = this.#shared.logContext.current();
    if (data === undefined) return this.#context;
    const { defaults } = this.#context;
    return { ...this.#context, defaults: { ...defaults, data: { ...defaults.data, ...data } } };
  }

  #submitInput(input: EventInput): Promise<LogReceipt> {
    return this.#submitOne(this.#accept(input, this.#context));
  }

  /** Submits the event of a reader without decoding it. Returns `undefined` if that is not possible. */
  #submitWire(reader: SingleEventReader): Promise<LogReceipt> | undefined {
    const { now, submitEncoded } = this.#parts;
    const writer = this.#writer;
    if (writer === undefined || submitEncoded === undefined) return undefined;
    // A shared object would keep the last request in memory.
    const event = new WireEvent();
    if (reader.readWire?.(0, event) !== true) return undefined;
    const id = writer.write(event, { receivedAt: toMicros(now()), newId: this.#context.newId });
    if (id === undefined) return undefined;
    const encoder = createSlabEncoder();
    encoder.addFrame(writer.start);
    return submitEncoded(encoder.finish()).then(() => ({ id }));
  }

  #submitOne({ event, estimate }: Accepted): Promise<LogReceipt> {
    const { id } = event;
    const { submit, submitEncoded } = this.#parts;
    const submitted = submit([event], estimate);
    // The closure must not keep the event. A broker that keeps events encoded rejects none of them.
    if (submitEncoded !== undefined) return submitted.then(() => ({ id }));
    return submitted.then((rejections) => {
      const error = rejections.get(event);
      if (error !== undefined) throw error;
      return { id };
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

  #createBatch(reader: EventReader): LogBatch {
    const { onRejected, submitPrepared, submitEncoded } = this.#parts;
    return createLogBatch(reader, {
      accept: this.#accept,
      context: this.#context,
      onRejected,
      isEncoded: submitEncoded !== undefined,
      writer: this.#writer,
      slicer: submitPrepared === undefined ? undefined : this.#shared.slicer,
    });
  }

  /** Submits a batch. The inputs are not a parameter, because an async function keeps its parameters until it ends. */
  async #submitBatch(batch: LogBatch): Promise<LogBatchResult> {
    const pause = batch.prepare();
    return batch.result(
      await (pause === undefined ? this.#submitAll(batch.events()) : this.#submitLater(batch, pause)),
    );
  }

  /** Prepares the rest of a large batch and submits it. */
  async #submitLater(batch: LogBatch, first: Promise<void>): Promise<Rejections> {
    const prepareRest: Prepare = async () => {
      for (let pause: Promise<void> | undefined = first; pause !== undefined; pause = batch.prepare())
        await pause;
      return batch.events();
    };
    return (await this.#parts.submitPrepared?.(prepareRest)) ?? NONE_REJECTED;
  }

  /** Submits the events of a batch; reports a failure to submit them, which is not reported elsewhere. */
  async #submitAll(events: readonly Event[] | EncodedEvents): Promise<Rejections> {
    const { submit, submitEncoded } = this.#parts;
    try {
      // Not awaited, because `submit` and `submitEncoded` report a rejection themselves.
      if ('parts' in events) return (events.count > 0 && submitEncoded?.(events)) || NONE_REJECTED;
      return events.length === 0 ? NONE_REJECTED : submit(events);
    } catch (error) {
      this.#parts.onRejected(toVigilantError(error, 'VIGILANT_INTERNAL', 'The events could not be accepted'));
      throw error;
    }
  }
}

/** Creates a reader of the inputs of a call. @throws {VigilantError} */
function readerOf(inputs: readonly EventInput[]): EventReader {
  checkInputs('logBatch()', inputs);
  // Array.from also visits holes, which are not valid events.
  return createInputReader(Array.from(inputs));
}

// Failures are reported where they happen; an unhandled rejection must not end the process.
function ignore(): void {}
