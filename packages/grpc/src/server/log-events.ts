import type { LogBatchResult, Vigilant } from '@vigilant/core';
import { MAX_BATCH_EVENTS, WireEvent, logBatchFrom, logWire, readInputs } from '@vigilant/core/adapter';
import type {
  LogEventRequest,
  LogEventResponse,
  LogEventResult,
  LogEventsResponse,
} from '../generated/vigilant-v1';
import { encodedLogEventsRequestCodec } from '../wire/encoded-events';
import { toErrorMessage } from '../wire/error';
import { toEventInput } from '../wire/event';
import { createEventReader } from '../wire/event-reader';
import { checkLength, invalidField } from '../wire/invalid-field';
import { scanEvent } from '../wire/scan-event';
import type { ScannedRequest } from '../wire/scan-request';
import { scanRequest } from '../wire/scan-request';
import { codecOf } from '../wire/schema';
import { decodeRequest } from './call';

/** Creates the handler of `LogEvent`. */
export function createLogEvent(vigilant: Vigilant): (request: Buffer) => Promise<LogEventResponse> {
  const codec = codecOf<LogEventRequest>('vigilant.v1.LogEventRequest');
  const wireEvent = new WireEvent();
  return async (bytes) => {
    const scanned = scanRequest(bytes);
    const receipt = scanned && logScanned(vigilant, scanned, wireEvent);
    if (receipt !== undefined) return receipt;
    const { event, checkId } = decodeRequest(codec, bytes);
    if (event === undefined) throw invalidField('VIGILANT_EVENT_INVALID', 'event', 'required', 'is required');
    const input = toEventInput(event);
    const [{ id }, conflicts] = await Promise.all([
      vigilant.log(input),
      checkId ? vigilant.findConflicts([input]) : [],
    ]);
    return { id, idTaken: conflicts.length > 0 || undefined };
  };
}

/** Logs the event of a request without decoding it; returns `undefined` if it must be decoded. */
function logScanned(
  vigilant: Vigilant,
  { bytes, ranges, checkId }: ScannedRequest,
  wireEvent: WireEvent,
): Promise<{ readonly id: string }> | undefined {
  const [start, end, another] = ranges;
  if (start === undefined || end === undefined || another !== undefined || checkId) return undefined;
  return scanEvent(bytes, start, end, wireEvent) ? logWire(vigilant, wireEvent) : undefined;
}

/** Creates the handler of `LogEvents`. */
export function createLogEvents(vigilant: Vigilant): (request: Buffer) => Promise<LogEventsResponse> {
  return async (bytes) => {
    const { ranges, checkId } = scanRequest(bytes) ?? decodeEvents(bytes);
    const reader = createEventReader(bytes, ranges);
    checkLength('VIGILANT_EVENT_INVALID', 'events', 'too_many', reader.count, 'events', MAX_BATCH_EVENTS);
    const inputs = checkId ? await readInputs(reader) : undefined;
    const [{ accepted, results }, conflicts] = await Promise.all([
      logBatchFrom(vigilant, reader),
      inputs === undefined ? [] : vigilant.findConflicts(inputs),
    ]);
    const taken = new Set(conflicts);
    return { accepted, results: results.map((result, index) => toResult(result, taken.has(index))) };
  };
}

/** Finds the events of a request that has unknown fields or is not valid. @throws {VigilantError} if it is not valid */
function decodeEvents(bytes: Buffer): ScannedRequest {
  const { events = [], checkIds = false } = decodeRequest(encodedLogEventsRequestCodec(), bytes);
  const ranges = events.flatMap(({ byteOffset, byteLength }) => {
    const start = byteOffset - bytes.byteOffset;
    return [start, start + byteLength];
  });
  return { bytes, ranges, checkId: checkIds };
}

function toResult(result: LogBatchResult['results'][number], idTaken: boolean): LogEventResult {
  return 'error' in result
    ? { error: toErrorMessage(result.error) }
    : { id: result.id, idTaken: idTaken || undefined };
}
