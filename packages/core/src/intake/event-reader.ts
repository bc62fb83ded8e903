import type { LogBatchResult, Logger, LogReceipt } from '../contracts/logger';
import type { EventInput } from '../event/event';
import type { WireEvent } from '../event/wire-event';
import type { VigilantError } from '../util/errors';
import { addVariant, variantOf } from '../util/variant';
import { createWorkSlicer } from '../util/work-slicer';

/** Reads the events of a request in order. */
export interface EventReader {
  readonly count: number;
  /** Returns the size of an event in the request, in bytes. */
  sizeOf(index: number): number;
  /**
   * Sets the fields of an event without decoding its texts. Returns `false` if that is not possible, for example because the
   * event is not valid.
   */
  readWire?(index: number, event: WireEvent): boolean;
  /** Decodes an event. @throws {VigilantError} `VIGILANT_EVENT_INVALID` with fields such as `events[3].data` */
  readInput(index: number): EventInput;
}

/** Reads the only event of a request. The index is 0. */
export type SingleEventReader = Pick<EventReader, 'readWire' | 'readInput'>;

/** Variants of `log` and `logBatch` that do not need inputs. */
interface WireMethods {
  readonly log: (reader: SingleEventReader) => Promise<LogReceipt>;
  readonly logBatch: (reader: EventReader) => Promise<LogBatchResult>;
}

const WIRE = Symbol.for('vigilant.wire');

/** Adds the variant of a method that does not need inputs. */
export function addWireMethod<Name extends keyof WireMethods>(
  method: Logger[Name],
  wireMethod: WireMethods[Name],
): Logger[Name] {
  return addVariant(method, WIRE, wireMethod);
}

/**
 * Logs the event of a reader as `log` does, without decoding its texts if that is not necessary. If it cannot be decoded, it is
 * counted and reported as an invalid event.
 */
export async function logFrom({ log }: Pick<Logger, 'log'>, reader: SingleEventReader): Promise<LogReceipt> {
  const fromReader = variantOf<WireMethods['log']>(log, WIRE);
  return fromReader === undefined ? log(reader.readInput(0)) : fromReader(reader);
}

/** Logs the events of a reader as `logBatch` does, without decoding the texts of those for which that is not necessary. */
export async function logBatchFrom(
  { logBatch }: Pick<Logger, 'logBatch'>,
  reader: EventReader,
): Promise<LogBatchResult> {
  const fromReader = variantOf<WireMethods['logBatch']>(logBatch, WIRE);
  if (fromReader !== undefined) return fromReader(reader);
  const rejected = new Map<number, VigilantError>();
  const { accepted, results } = await logBatch(await readInputs(reader, rejected));
  return {
    accepted,
    results: results.map((result, index) => {
      const error = rejected.get(index);
      return error === undefined ? result : { error };
    }),
  };
}

/**
 * Decodes all events, in slices. In place of an event that cannot be decoded, the result has `undefined`, which is not a valid
 * input either.
 *
 * @param rejected - Receives the errors of those events by their index.
 */
export async function readInputs(
  reader: EventReader,
  rejected = new Map<number, VigilantError>(),
): Promise<EventInput[]> {
  const inputs: EventInput[] = [];
  const slicer = createWorkSlicer();
  for (let index = 0; index < reader.count; index += 1) {
    try {
      inputs.push(reader.readInput(index));
    } catch (error) {
      rejected.set(index, error as VigilantError);
      inputs.push(undefined as never);
    }
    await slicer.count(reader.sizeOf(index));
  }
  return inputs;
}

/** Creates a reader of inputs. @param inputs - Not an array of the caller; each input is removed once it is read. */
export function createInputReader(inputs: EventInput[]): EventReader {
  return {
    count: inputs.length,
    sizeOf: () => 0,
    readInput(index) {
      const input = inputs[index] as EventInput;
      inputs[index] = undefined as never;
      return input;
    },
  };
}
