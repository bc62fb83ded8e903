import type { EventInput, LogBatchResult, Vigilant, Violation } from '@vigilant/core';
import { VigilantError, isVigilantError } from '@vigilant/core';
import { MAX_BATCH_EVENTS, checkEventId, createWorkSlicer, notFound, reasonOf } from '@vigilant/core/adapter';
import type { Unary } from '../generated/types';
import type {
  Event as EventMessage,
  EventService,
  LogEventRequest,
  LogEventResponse,
  LogEventResult,
  LogEventsResponse,
} from '../generated/vigilant-v1';
import { DecodeError } from '../wire/decode-error';
import { toErrorMessage } from '../wire/error';
import { toEventInput, toEventMessage } from '../wire/event';
import { checkLength, invalidField } from '../wire/invalid-field';
import type { EncodedLogEventsRequest, EncodedQueryEventsResponse } from '../wire/encoded-events';
import { encodedLogEventsRequestCodec, encodedQueryEventsResponseCodec } from '../wire/encoded-events';
import { codecOf } from '../wire/schema';
import type { CallContext } from './call';
import { queryEvents } from './query';
import { toDataFormat } from './request-fields';
import type { Handlers, ImplementedService } from './service';
import { implementService } from './service';
import { tailEvents } from './tail';

/** The service with encoded events in its frequent methods. */
interface EncodedEventService extends Omit<EventService, 'LogEvents' | 'QueryEvents'> {
  readonly LogEvents: Unary<EncodedLogEventsRequest, LogEventsResponse>;
  readonly QueryEvents: Unary<EventService['QueryEvents']['request'], EncodedQueryEventsResponse>;
}

/** Creates the service `vigilant.v1.EventService`. */
export function createEventService(vigilant: Vigilant, context: CallContext): ImplementedService {
  const handlers: Handlers<EncodedEventService> = {
    LogEvent: (request) => logEvent(vigilant, request),
    LogEvents: (request) => logEvents(vigilant, request),
    async GetEvent({ id = '', dataFormat }, { signal }) {
      const format = toDataFormat(dataFormat);
      checkEventId(id);
      const event = await vigilant.get(id, { signal });
      if (event === undefined) throw notFound('event', id);
      return { event: toEventMessage(event, format) };
    },
    QueryEvents: (request, call) => queryEvents(vigilant, request, call),
    TailEvents: (request, call) => tailEvents(vigilant, request, call),
  };
  return implementService<EncodedEventService>('vigilant.v1.EventService', handlers, context, {
    LogEvents: { request: encodedLogEventsRequestCodec() },
    QueryEvents: { response: encodedQueryEventsResponseCodec() },
  });
}

async function logEvent(vigilant: Vigilant, { event, checkId }: LogEventRequest): Promise<LogEventResponse> {
  if (event === undefined) throw invalidField('VIGILANT_EVENT_INVALID', 'event', 'required', 'is required');
  const input = toEventInput(event);
  const [{ id }, conflicts] = await Promise.all([
    vigilant.log(input),
    checkId ? vigilant.findConflicts([input]) : [],
  ]);
  return { id, idTaken: conflicts.length > 0 || undefined };
}

async function logEvents(vigilant: Vigilant, request: EncodedLogEventsRequest): Promise<LogEventsResponse> {
  const { events = [], checkIds } = request;
  checkLength('VIGILANT_EVENT_INVALID', 'events', 'too_many', events.length, 'events', MAX_BATCH_EVENTS);
  const rejected = new Map<number, VigilantError>();
  const inputs: EventInput[] = [];
  const slicer = createWorkSlicer();
  for (const bytes of events) {
    inputs.push(decodeEvent(bytes, inputs.length, rejected));
    await slicer.count(bytes.length);
  }
  const [{ accepted, results }, conflicts] = await Promise.all([
    vigilant.logBatch(inputs),
    checkIds ? vigilant.findConflicts(inputs) : [],
  ]);
  const taken = new Set(conflicts);
  return {
    accepted,
    results: results.map((result, index) => toResult(result, rejected.get(index), taken.has(index))),
  };
}

/**
 * Decodes one event of a batch. The error of an event that cannot be decoded is added to `rejected`.
 *
 * Core counts the events that it rejects, so it receives `undefined` in place of such an event and rejects that.
 */
function decodeEvent(bytes: Uint8Array, index: number, rejected: Map<number, VigilantError>): EventInput {
  try {
    return toEventInput(codecOf<EventMessage>('vigilant.v1.Event').decode(bytes));
  } catch (error) {
    rejected.set(index, within(error, `events[${index}]`));
    return undefined as never;
  }
}

function within(error: unknown, prefix: string): VigilantError {
  const violations = violationsOf(error).map((violation) => ({
    ...violation,
    field: violation.field === '' ? prefix : `${prefix}.${violation.field}`,
  }));
  const message = violations.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return new VigilantError('VIGILANT_EVENT_INVALID', message, { violations });
}

function violationsOf(error: unknown): readonly Violation[] {
  if (isVigilantError(error)) return error.violations;
  if (error instanceof DecodeError) return [{ field: error.field, code: 'malformed', reason: error.reason }];
  return [{ field: '', code: 'malformed', reason: `cannot be read: ${reasonOf(error)}` }];
}

function toResult(
  result: LogBatchResult['results'][number],
  rejected: VigilantError | undefined,
  idTaken: boolean,
): LogEventResult {
  if (rejected !== undefined) return { error: toErrorMessage(rejected) };
  return 'error' in result
    ? { error: toErrorMessage(result.error) }
    : { id: result.id, idTaken: idTaken || undefined };
}
