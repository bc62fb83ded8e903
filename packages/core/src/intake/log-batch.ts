import type { LogBatchResult, LogReceipt } from '../contracts/logger';
import { encodedSize } from '../event/codec';
import type { EncodedEvents, EventEncoder } from '../event/encoded-events';
import { createEventEncoder } from '../event/encoded-events';
import type { Event } from '../event/event';
import type { NormalizeContext } from '../event/normalize';
import type { VigilantError } from '../util/errors';
import type { WorkSlicer } from '../util/work-slicer';
import { createWorkSlicer } from '../util/work-slicer';
import type { Rejections } from './publish-valid';

/** The inputs of one `logBatch()`, which become events. */
export interface LogBatch {
  /**
   * Prepares the next events. Returns a promise to await before the next call; `undefined` once all events are prepared.
   *
   * An input is not referenced any more once its event is prepared, so that the garbage collector can free it early.
   */
  prepare(): Promise<void> | undefined;
  /** Returns the valid events, encoded if the batch encodes them. */
  events(): readonly Event[] | EncodedEvents;
  /** Returns the result after the events were submitted. */
  result(rejections: Rejections): LogBatchResult;
}

/** An event, and its approximate encoded size. */
export interface Accepted {
  readonly event: Event;
  readonly estimate: number;
  /** The JSON of its data, if the event is encoded at once and the JSON is known. */
  readonly dataJson?: string | undefined;
}

/** Dependencies of a batch. */
export interface LogBatchParts {
  /** Creates the event of an input. @throws {VigilantError} */
  readonly accept: (input: unknown, context: NormalizeContext, isEncodedAtOnce: boolean) => Accepted;
  readonly context: NormalizeContext;
  /** Called for each invalid input. */
  readonly onRejected: (error: VigilantError) => void;
  /** Whether each event is encoded as soon as it is prepared, and then no longer needed as an object. */
  readonly isEncoded: boolean;
  /** Whether the preparation is divided into slices of work. */
  readonly isSliced: boolean;
}

/** Creates a batch. @param inputs - Not an array of the caller, who may change it. */
export function createLogBatch(inputs: unknown[], parts: LogBatchParts): LogBatch {
  return new InputBatch(inputs, parts);
}

/** Cost of an invalid event of a batch, in bytes of encoded events. Most of it is the stack of its error. */
const INVALID_EVENT_BYTES = 2_048;

/** An input of a batch: its event, or only its receipt if the event is encoded, or why the input is not valid. */
type Prepared = Event | LogReceipt | { readonly error: VigilantError };

class InputBatch implements LogBatch {
  readonly #parts: LogBatchParts;
  readonly #inputs: unknown[];
  readonly #prepared: Prepared[] = [];
  readonly #encoder: EventEncoder | undefined;
  readonly #slicer: WorkSlicer | undefined;
  readonly #context: NormalizeContext;

  constructor(inputs: unknown[], parts: LogBatchParts) {
    const { context, isEncoded, isSliced } = parts;
    this.#inputs = inputs;
    this.#parts = parts;
    this.#encoder = isEncoded ? createEventEncoder() : undefined;
    this.#slicer = isSliced ? createWorkSlicer() : undefined;
    // All events have the time of the call.
    const nowMs = context.now();
    const prepared = this.#prepared;
    this.#context = {
      ...context,
      now: () => nowMs,
      // Formatted only for an error.
      get field() {
        return `events[${prepared.length}]`;
      },
    };
  }

  prepare(): Promise<void> | undefined {
    const inputs = this.#inputs;
    for (let index = this.#prepared.length; index < inputs.length; index += 1) {
      const input = inputs[index];
      inputs[index] = undefined;
      const bytes = this.#prepareOne(input);
      const pause = index + 1 === inputs.length ? undefined : this.#slicer?.count(bytes);
      if (pause !== undefined) return pause;
    }
    return undefined;
  }

  events(): readonly Event[] | EncodedEvents {
    if (this.#encoder !== undefined) return this.#encoder.finish();
    return this.#prepared.filter((each): each is Event => !('error' in each));
  }

  result(rejections: Rejections): LogBatchResult {
    const isEncoded = this.#encoder !== undefined;
    let accepted = 0;
    const results = this.#prepared.map((each): LogBatchResult['results'][number] => {
      const error = 'error' in each ? each.error : rejections.get(each as Event);
      if (error !== undefined) return { error };
      accepted += 1;
      return isEncoded ? (each as LogReceipt) : { id: (each as Event).id };
    });
    return { accepted, results };
  }

  /** Prepares the event of an input, or reports why the input is not valid. Returns its encoded size. */
  #prepareOne(input: unknown): number {
    try {
      const { event, dataJson } = this.#parts.accept(input, this.#context, this.#encoder !== undefined);
      const bytes = this.#encoder?.add(event, dataJson) ?? encodedSize(event);
      this.#prepared.push(this.#encoder === undefined ? event : { id: event.id });
      return bytes;
    } catch (thrown) {
      // `accept` throws nothing else.
      const error = thrown as VigilantError;
      this.#prepared.push({ error });
      this.#parts.onRejected(error);
      return INVALID_EVENT_BYTES;
    }
  }
}
