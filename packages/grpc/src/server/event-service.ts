import type { EventInput, LogBatchResult, Vigilant, Violation } from '@vigilant/core';
import { VigilantError, isVigilantError } from '@vigilant/core';
import { MAX_ID_CHARACTERS, reasonOf } from '@vigilant/core/adapter';
import type { Unary } from '../generated/types';
import type {
  Event as EventMessage,
  EventService,
  LogEventResult,
  LogEventsResponse,
} from '../generated/vigilant-v1';
import { Turns } from '../wire/work-slicer';
import { DecodeError } from '../wire/decode-error';
import { toErrorMessage } from '../wire/error';
import { toEventInput, toEventMessage } from '../wire/event';
import { fieldError } from '../wire/field-error';
import type { RawLogEventsRequest, RawQueryEventsResponse } from '../wire/encoded-events';
import { rawLogEventsRequestCodec, rawQueryEventsResponseCodec } from '../wire/encoded-events';
import { codecOf } from '../wire/schema';
import type { CallContext } from './call';
import { answerQuery } from './query';
import { invalidField, toDataFormat } from './request-fields';
import type { Handlers, ImplementedService } from './service';
import { implementService } from './service';
import { followEvents } from './tail';

/** Most events of one `LogEvents`. */
export const MAX_BATCH_EVENTS = 10_000;

/** The service with the messages of its hot paths as bytes. */
interface RawEventService extends Omit<EventService, 'LogEvents' | 'QueryEvents'> {
  readonly LogEvents: Unary<RawLogEventsRequest, LogEventsResponse>;
  readonly QueryEvents: Unary<EventService['QueryEvents']['request'], RawQueryEventsResponse>;
}

/** Serves `vigilant.v1.EventService`. */
export function createEventService(vigilant: Vigilant, context: CallContext): ImplementedService {
  const handlers: Handlers<RawEventService> = {
    async LogEvent({ event, checkId }) {
      if (event === undefined) throw fieldError('event', 'required', 'is required');
      const input = toEventInput(event);
      const [{ id }, conflicts] = await Promise.all([
        vigilant.log(input),
        checkId ? vigilant.findConflicts([input]) : [],
      ]);
      return { id, ...(conflicts.length > 0 ? { idTaken: true } : {}) };
    },
    async LogEvents({ events = [], checkIds }) {
      const limit = MAX_BATCH_EVENTS;
      if (events.length > limit)
        throw fieldError('events', 'too_many', `has ${events.length} events of at most ${limit}`, limit);
      const refused = new Map<number, VigilantError>();
      const inputs: EventInput[] = [];
      const turns = new Turns();
      for (const bytes of events) {
        inputs.push(decodeEvent(bytes, inputs.length, refused));
        await turns.spend(bytes.length);
      }
      const [{ accepted, results }, conflicts] = await Promise.all([
        vigilant.logBatch(inputs),
        checkIds ? vigilant.findConflicts(inputs) : [],
      ]);
      const taken = new Set(conflicts);
      return {
        accepted,
        results: results.map((result, index) => toResult(result, refused.get(index), taken.has(index))),
      };
    },
    async GetEvent({ id = '', dataFormat }, { signal }) {
      const format = toDataFormat(dataFormat);
      checkId(id);
      const event = await vigilant.get(id, { signal });
      if (event === undefined)
        throw new VigilantError('VIGILANT_NOT_FOUND', 'There is no event with this id, or no longer.');
      return { event: toEventMessage(event, format) };
    },
    QueryEvents: (request, call) => answerQuery(vigilant, request, call),
    TailEvents: (request, call) => followEvents(vigilant, request, call),
  };
  return implementService<RawEventService>('vigilant.v1.EventService', handlers, context, {
    LogEvents: { request: rawLogEventsRequestCodec() },
    QueryEvents: { response: rawQueryEventsResponseCodec() },
  });
}

function checkId(id: string): void {
  const limit = MAX_ID_CHARACTERS;
  if (id === '') throw invalidField('id', 'required', 'is required');
  if (id.length > limit)
    throw invalidField('id', 'too_long', `has ${id.length} characters of at most ${limit}`, limit);
}

/**
 * Decodes one event of a batch by itself, so that one which cannot be decoded harms no other.
 *
 * Core counts what it refuses, so it is given the place of such an event too, which it refuses for its own reason.
 */
function decodeEvent(bytes: Uint8Array, index: number, refused: Map<number, VigilantError>): EventInput {
  try {
    return toEventInput(codecOf<EventMessage>('vigilant.v1.Event').decode(bytes));
  } catch (error) {
    refused.set(index, within(error, `events[${index}]`));
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
  refused: VigilantError | undefined,
  idTaken: boolean,
): LogEventResult {
  const error = refused ?? ('error' in result ? result.error : undefined);
  if (error !== undefined) return { error: toErrorMessage(error) };
  const { id } = result as { readonly id: string };
  return idTaken ? { id, idTaken } : { id };
}
