import type { LogEventRequest, LogEventsRequest, QueryEventsResponse } from '../generated/vigilant-v1';
import type { Codec } from './schema';
import { codecWithBytes } from './schema';

/** A message whose events stay encoded, so that each event can be encoded or decoded separately. */
type WithEncodedEvents<Message> = Omit<Message, 'events'> & {
  readonly events?: readonly Uint8Array[] | undefined;
};

/** A `LogEventRequest` with its encoded event, or several if it is not valid. */
type EncodedLogEventRequest = Omit<LogEventRequest, 'event'> & {
  readonly event?: readonly Uint8Array[] | undefined;
};

/** A `LogEventsRequest` with encoded events. */
export type EncodedLogEventsRequest = WithEncodedEvents<LogEventsRequest>;

/** A `QueryEventsResponse` with encoded events. */
export type EncodedQueryEventsResponse = WithEncodedEvents<QueryEventsResponse>;

/** Returns the codec of `EncodedLogEventRequest`. */
export function encodedLogEventRequestCodec(): Codec<EncodedLogEventRequest> {
  return codecWithBytes('vigilant.v1.LogEventRequest', 'event');
}

/** Returns the codec of `EncodedLogEventsRequest`. */
export function encodedLogEventsRequestCodec(): Codec<EncodedLogEventsRequest> {
  return codecWithBytes('vigilant.v1.LogEventsRequest', 'events');
}

/** Returns the codec of `EncodedQueryEventsResponse`. */
export function encodedQueryEventsResponseCodec(): Codec<EncodedQueryEventsResponse> {
  return codecWithBytes('vigilant.v1.QueryEventsResponse', 'events');
}
