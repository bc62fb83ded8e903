// Generated from proto/ by `npm run generate`; do not edit.

import type { Int64 } from '../wire/int64';
import type { ServerStream, Unary } from '../wire/methods';
import type { Duration, Struct, Timestamp } from './google-protobuf';

/** `vigilant.v1.Error` */
export interface Error {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly violations?: readonly Violation[] | undefined;
  readonly position?: number | undefined;
  readonly retryDelay?: Duration | undefined;
}

/** `vigilant.v1.Violation` */
export interface Violation {
  readonly field?: string | undefined;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly limit?: string | undefined;
}

/** `vigilant.v1.Level`; other numbers are possible. */
export type Level = number;
export const Level = {
  LEVEL_UNSPECIFIED: 0,
  LEVEL_DEBUG: 1,
  LEVEL_INFO: 2,
  LEVEL_WARN: 3,
  LEVEL_ERROR: 4,
} as const;

/** `vigilant.v1.Event` */
export interface Event {
  readonly id?: string | undefined;
  readonly message?: string | undefined;
  readonly level?: Level | undefined;
  readonly severity?: number | undefined;
  readonly timestamp?: Timestamp | undefined;
  readonly origin?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly group?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly data?: Struct | undefined;
  readonly dataJson?: Uint8Array | undefined;
  readonly receivedAt?: Timestamp | undefined;
  readonly sequence?: number | Int64 | undefined;
}

/** `vigilant.v1.DataFormat`; other numbers are possible. */
export type DataFormat = number;
export const DataFormat = {
  DATA_FORMAT_UNSPECIFIED: 0,
  DATA_FORMAT_STRUCT: 1,
  DATA_FORMAT_JSON: 2,
} as const;

/** `vigilant.v1.EventService` */
export interface EventService {
  readonly LogEvent: Unary<LogEventRequest, LogEventResponse>;
  readonly LogEvents: Unary<LogEventsRequest, LogEventsResponse>;
  readonly GetEvent: Unary<GetEventRequest, GetEventResponse>;
  readonly QueryEvents: Unary<QueryEventsRequest, QueryEventsResponse>;
  readonly TailEvents: ServerStream<TailEventsRequest, TailEventsResponse>;
}

/** `vigilant.v1.LogEventRequest` */
export interface LogEventRequest {
  readonly event?: Event | undefined;
}

/** `vigilant.v1.LogEventResponse` */
export interface LogEventResponse {
  readonly id?: string | undefined;
}

/** `vigilant.v1.LogEventsRequest` */
export interface LogEventsRequest {
  readonly events?: readonly Event[] | undefined;
}

/** `vigilant.v1.LogEventsResponse` */
export interface LogEventsResponse {
  readonly results?: readonly LogEventResult[] | undefined;
  readonly accepted?: number | undefined;
}

/** `vigilant.v1.LogEventResult` */
export interface LogEventResult {
  readonly id?: string | undefined;
  readonly error?: Error | undefined;
}

/** `vigilant.v1.GetEventRequest` */
export interface GetEventRequest {
  readonly id?: string | undefined;
  readonly dataFormat?: DataFormat | undefined;
}

/** `vigilant.v1.GetEventResponse` */
export interface GetEventResponse {
  readonly event?: Event | undefined;
}

/** `vigilant.v1.Order`; other numbers are possible. */
export type Order = number;
export const Order = {
  ORDER_UNSPECIFIED: 0,
  ORDER_NEWEST: 1,
  ORDER_OLDEST: 2,
  ORDER_ARRIVAL: 3,
} as const;

/** `vigilant.v1.QueryEventsRequest` */
export interface QueryEventsRequest {
  readonly filter?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly order?: Order | undefined;
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
  readonly dataFormat?: DataFormat | undefined;
}

/** `vigilant.v1.QueryEventsResponse` */
export interface QueryEventsResponse {
  readonly events?: readonly Event[] | undefined;
  readonly nextPageToken?: string | undefined;
  readonly tailCursor?: string | undefined;
  readonly complete?: boolean | undefined;
  readonly freshness?: Freshness | undefined;
  readonly beyond?: number | undefined;
}

/** `vigilant.v1.Freshness` */
export interface Freshness {
  readonly complete?: boolean | undefined;
  readonly pending?: number | Int64 | undefined;
}

/** `vigilant.v1.TailEventsRequest` */
export interface TailEventsRequest {
  readonly filter?: string | undefined;
  readonly cursor?: string | undefined;
  readonly dataFormat?: DataFormat | undefined;
}

/** `vigilant.v1.TailEventsResponse` */
export interface TailEventsResponse {
  readonly cursor?: string | undefined;
  readonly event?: Event | undefined;
  readonly gap?: Gap | undefined;
  readonly checkpoint?: Checkpoint | undefined;
}

/** `vigilant.v1.Gap` */
export interface Gap {
  readonly reason?: Gap_Reason | undefined;
  readonly missed?: number | Int64 | undefined;
}

/** `vigilant.v1.Gap.Reason`; other numbers are possible. */
export type Gap_Reason = number;
export const Gap_Reason = {
  REASON_UNSPECIFIED: 0,
  REASON_SLOW: 1,
  REASON_PRUNED: 2,
  REASON_EPOCH: 3,
} as const;

/** `vigilant.v1.Checkpoint` */
export interface Checkpoint {}
