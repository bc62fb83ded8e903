import type { EventInput, LogBatchResult, Vigilant } from '@vigilant/core';
import type { EventReader } from '@vigilant/core/adapter';
import { MAX_BATCH_EVENTS, logBatchFrom, logFrom, readInputs } from '@vigilant/core/adapter';
import type { LogEventResponse, LogEventResult, LogEventsResponse } from '../generated/vigilant-v1';
import { encodedLogEventRequestCodec, encodedLogEventsRequestCodec } from '../wire/encoded-events';
import { toErrorMessage } from '../wire/error';
import { createEventReader } from '../wire/event-reader';
import { checkLength, invalidField } from '../wire/invalid-field';
import type { ScannedRequest } from '../wire/scan-request';
import { scanRequest } from '../wire/scan-request';
import type { Call } from './call';
import { decodeRequest } from './call';
import { findTakenIds } from './taken-ids';
import { toCheckMs } from './time-limits';

const NONE: ReadonlySet<number> = new Set();

/** Creates the handler of `LogEvent`. */
export function createLogEvent(
  vigilant: Vigilant,
): (request: Buffer, call: Call) => Promise<LogEventResponse> {
  return async (bytes, call) => {
    const { ranges, checkId } = scanRequest(bytes) ?? decodeEvent(bytes);
    const reader = readEvent(bytes, ranges);
    const inputs = checkId ? await readInputs(reader) : undefined;
    const [{ id }, taken] = await Promise.all([
      logFrom(vigilant, reader),
      inputs === undefined ? NONE : checkIds(vigilant, inputs, call),
    ]);
    return { id, idTaken: taken.has(0) || undefined };
  };
}

/** Creates a reader of the only event of a request. The fields of its errors have no prefix, as in `log()`. */
function readEvent(bytes: Buffer, ranges: readonly number[]): EventReader {
  const reader = createEventReader(bytes, ranges, () => '');
  const { count } = reader;
  if (count === 0) throw invalidField('VIGILANT_EVENT_INVALID', 'event', 'required', 'is required');
  checkLength('VIGILANT_EVENT_INVALID', 'event', 'too_many', count, 'values', 1);
  return reader;
}

/** Creates the handler of `LogEvents`. */
export function createLogEvents(
  vigilant: Vigilant,
): (request: Buffer, call: Call) => Promise<LogEventsResponse> {
  return async (bytes, call) => {
    const { ranges, checkId } = scanRequest(bytes) ?? decodeEvents(bytes);
    const reader = createEventReader(bytes, ranges);
    checkLength('VIGILANT_EVENT_INVALID', 'events', 'too_many', reader.count, 'events', MAX_BATCH_EVENTS);
    const inputs = checkId ? await readInputs(reader) : undefined;
    const [{ accepted, results }, taken] = await Promise.all([
      logBatchFrom(vigilant, reader),
      inputs === undefined ? NONE : checkIds(vigilant, inputs, call),
    ]);
    return { accepted, results: results.map((result, index) => toResult(result, taken.has(index))) };
  };
}

function checkIds(
  vigilant: Vigilant,
  inputs: readonly EventInput[],
  { signal, remainingMs }: Call,
): Promise<ReadonlySet<number>> {
  return findTakenIds(vigilant, inputs, { timeoutMs: toCheckMs(remainingMs()), signal });
}

/** Finds the event of a request that has unknown fields or is not valid. @throws {VigilantError} if it is not valid */
function decodeEvent(bytes: Buffer): ScannedRequest {
  const { event = [], checkId = false } = decodeRequest(encodedLogEventRequestCodec(), bytes);
  return { bytes, ranges: rangesOf(event, bytes), checkId };
}

/** Finds the events of a request that has unknown fields or is not valid. @throws {VigilantError} if it is not valid */
function decodeEvents(bytes: Buffer): ScannedRequest {
  const { events = [], checkIds = false } = decodeRequest(encodedLogEventsRequestCodec(), bytes);
  return { bytes, ranges: rangesOf(events, bytes), checkId: checkIds };
}

/** Returns the start and end of each part of a buffer. */
function rangesOf(parts: readonly Uint8Array[], { byteOffset: origin }: Buffer): number[] {
  return parts.flatMap(({ byteOffset, byteLength }) => [
    byteOffset - origin,
    byteOffset - origin + byteLength,
  ]);
}

function toResult(result: LogBatchResult['results'][number], idTaken: boolean): LogEventResult {
  return 'error' in result
    ? { error: toErrorMessage(result.error) }
    : { id: result.id, idTaken: idTaken || undefined };
}
