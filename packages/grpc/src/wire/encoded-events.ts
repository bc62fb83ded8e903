import type { LogEventsRequest, QueryEventsResponse } from '../generated/vigilant-v1';
import type { Codec } from './schema';
import { codecWithBytes } from './schema';

/** A message whose events stay encoded, so that each event can be encoded or decoded separately. */
type WithRawEvents<Message> = Omit<Message, 'events'> & {
  readonly events?: readonly Uint8Array[] | undefined;
};

export type RawLogEventsRequest = WithRawEvents<LogEventsRequest>;
export type RawQueryEventsResponse = WithRawEvents<QueryEventsResponse>;

export function rawLogEventsRequestCodec(): Codec<RawLogEventsRequest> {
  return codecWithBytes('vigilant.v1.LogEventsRequest', 'events');
}

export function rawQueryEventsResponseCodec(): Codec<RawQueryEventsResponse> {
  return codecWithBytes('vigilant.v1.QueryEventsResponse', 'events');
}
