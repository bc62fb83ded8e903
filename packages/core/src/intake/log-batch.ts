import type { LogBatchResult, LogReceipt } from '../contracts/logger';
import { rememberEstimate } from '../event/codec';
import type { EncodedEvents, SlabEventEncoder } from '../event/encoded-events';
import { createSlabEncoder } from '../event/encoded-events';
import type { Event } from '../event/event';
import type { NormalizeContext } from '../event/normalize';
import { toMicros } from '../event/timestamp';
import { WireEvent } from '../event/wire-event';
import type { WireContext, WireWriter } from '../event/wire-writer';
import type { VigilantError } from '../util/errors';
import { toVigilantError } from '../util/errors';
import type { WorkSlicer } from '../util/work-slicer';
import type { EventReader } from './event-reader';
import type { Rejections } from './publish-valid';

/** The events of one `logBatch()`. */
export interface LogBatch {
  /**
   * Prepares the next events. Returns a promise to await before the next call; `undefined` once all events are prepared.
   *
   * Releases each input once its event is prepared, so that the garbage collector can free it early.
   */
  prepare(): Promise<void> | undefined;
  /** Returns the valid events, encoded if the batch encodes them. */
  events(): readonly Event[] | EncodedEvents;
  /** Returns the result once the events are submitted. */
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
  /** Encodes events without decoding them, if the events are encoded and need not be redacted. */
  readonly writer: WireWriter | undefined;
  /** Divides the preparation into slices of work, together with that of other batches; `undefined` if it is not divided. */
  readonly slicer: WorkSlicer | undefined;
}

/** Creates a batch. */
export function createLogBatch(reader: EventReader, parts: LogBatchParts): LogBatch {
  return new ReaderBatch(reader, parts);
}

/** Work that is counted together. A smaller batch is not divided, so that small batches of a turn share a publish. */
const COUNTED_BYTES = 32 * 1024;

/** Cost of an invalid event of a batch, in bytes of encoded events. Most of it is the stack of its error. */
const INVALID_EVENT_BYTES = 2_048;

/** An event of a batch, its receipt if it is encoded, or its error if it is not valid. */
type Prepared = Event | LogReceipt | { readonly error: VigilantError };

class ReaderBatch implements LogBatch {
  readonly #parts: LogBatchParts;
  readonly #reader: EventReader;
  readonly #prepared: Prepared[] = [];
  readonly #encoder: SlabEventEncoder | undefined;
  readonly #context: NormalizeContext;
  readonly #wireContext: WireContext;
  readonly #wireEvent = new WireEvent();

  constructor(reader: EventReader, parts: LogBatchParts) {
    const { context, isEncoded } = parts;
    this.#reader = reader;
    this.#parts = parts;
    this.#encoder = isEncoded ? createSlabEncoder() : undefined;
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
    this.#wireContext = { receivedAt: toMicros(nowMs), newId: context.newId };
  }

  prepare(): Promise<void> | undefined {
    const { count } = this.#reader;
    const { slicer } = this.#parts;
    let bytes = 0;
    for (let index = this.#prepared.length; index < count; index += 1) {
      bytes += this.#prepareEvent(index);
      if (bytes < COUNTED_BYTES || index + 1 === count) continue;
      const pause = slicer?.count(bytes);
      if (pause !== undefined) return pause;
      bytes = 0;
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

  /** Prepares an event, or reports why it cannot be prepared. Returns the amount of work in bytes. */
  #prepareEvent(index: number): number {
    try {
      return this.#prepareWire(index) ?? this.#prepareInput(index);
    } catch (thrown) {
      const error = toVigilantError(thrown, 'VIGILANT_INTERNAL', 'The event could not be prepared');
      this.#prepared.push({ error });
      this.#parts.onRejected(error);
      return this.#reader.sizeOf(index) + INVALID_EVENT_BYTES;
    }
  }

  /** Encodes an event without decoding it. Returns its encoded size, or `undefined` if that is not possible. */
  #prepareWire(index: number): number | undefined {
    const { writer } = this.#parts;
    if (writer === undefined || this.#reader.readWire?.(index, this.#wireEvent) !== true) return undefined;
    const id = writer.write(this.#wireEvent, this.#wireContext);
    if (id === undefined) return undefined;
    const bytes = this.#encoder?.addFrame(writer.start);
    this.#prepared.push({ id });
    return bytes;
  }

  /** Prepares the event of an input. Returns the amount of work in bytes. @throws {VigilantError} if the input is not valid */
  #prepareInput(index: number): number {
    const decodedBytes = this.#reader.sizeOf(index);
    const input = this.#reader.readInput(index);
    const { event, dataJson, estimate } = this.#parts.accept(
      input,
      this.#context,
      this.#encoder !== undefined,
    );
    if (this.#encoder !== undefined) {
      const bytes = this.#encoder.add(event, dataJson);
      this.#prepared.push({ id: event.id });
      return decodedBytes + bytes;
    }
    rememberEstimate(event, estimate);
    this.#prepared.push(event);
    return decodedBytes + estimate;
  }
}
