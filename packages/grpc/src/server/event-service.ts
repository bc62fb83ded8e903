import type { Vigilant } from '@vigilant/core';
import { checkEventId, notFound } from '@vigilant/core/adapter';
import type { Unary } from '../generated/types';
import type { EventService, LogEventResponse, LogEventsResponse } from '../generated/vigilant-v1';
import type { EncodedQueryEventsResponse } from '../wire/encoded-events';
import { encodedQueryEventsResponseCodec } from '../wire/encoded-events';
import { toEventMessage } from '../wire/event';
import type { CallContext } from './call';
import { createLogEvent, createLogEvents } from './log-events';
import { queryEvents } from './query';
import { toDataFormat } from './request-fields';
import { toGetMs } from './time-limits';
import type { Handlers, ImplementedService } from './service';
import { implementService } from './service';
import { tailEvents } from './tail';

/** The service with encoded events in its frequent methods. */
interface EncodedEventService extends Omit<EventService, 'LogEvent' | 'LogEvents' | 'QueryEvents'> {
  readonly LogEvent: Unary<Buffer, LogEventResponse>;
  readonly LogEvents: Unary<Buffer, LogEventsResponse>;
  readonly QueryEvents: Unary<EventService['QueryEvents']['request'], EncodedQueryEventsResponse>;
}

/** Leaves a request encoded. */
const ENCODED = { decode: (bytes: Buffer): Buffer => bytes };

/** Creates the service `vigilant.v1.EventService`. */
export function createEventService(vigilant: Vigilant, context: CallContext): ImplementedService {
  const handlers: Handlers<EncodedEventService> = {
    LogEvent: createLogEvent(vigilant),
    LogEvents: createLogEvents(vigilant),
    async GetEvent({ id = '', dataFormat }, { signal, remainingMs }) {
      const format = toDataFormat(dataFormat);
      checkEventId(id);
      const event = await vigilant.get(id, { signal, deadlineMs: toGetMs(remainingMs()) });
      if (event === undefined) throw notFound('event', id);
      return { event: toEventMessage(event, format) };
    },
    QueryEvents: (request, call) => queryEvents(vigilant, request, call),
    TailEvents: (request, call) => tailEvents(vigilant, request, call),
  };
  return implementService<EncodedEventService>('vigilant.v1.EventService', handlers, context, {
    LogEvent: { request: ENCODED },
    LogEvents: { request: ENCODED },
    QueryEvents: { response: encodedQueryEventsResponseCodec() },
  });
}
