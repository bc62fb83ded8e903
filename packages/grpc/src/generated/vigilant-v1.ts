// Generated from proto/ by `npm run generate`; do not edit.

import type { Duration, Struct, Timestamp } from './google-protobuf';
import type { Int64, ServerStream, Unary } from './types';

/** `vigilant.v1.AdminService` */
export interface AdminService {
  readonly GetStatus: Unary<GetStatusRequest, GetStatusResponse>;
  readonly ListDeadLetters: Unary<ListDeadLettersRequest, ListDeadLettersResponse>;
  readonly GetDeadLetter: Unary<GetDeadLetterRequest, GetDeadLetterResponse>;
  readonly ReplayDeadLetter: Unary<ReplayDeadLetterRequest, ReplayDeadLetterResponse>;
  readonly DeleteDeadLetter: Unary<DeleteDeadLetterRequest, DeleteDeadLetterResponse>;
}

/** `vigilant.v1.GetStatusRequest` */
export interface GetStatusRequest {}

/** `vigilant.v1.GetStatusResponse` */
export interface GetStatusResponse {
  readonly state?: GetStatusResponse_State | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly pendingEvents?: number | Int64 | undefined;
  readonly storedEvents?: number | Int64 | undefined;
  readonly tails?: number | undefined;
  readonly accepted?: number | Int64 | undefined;
  readonly invalid?: number | Int64 | undefined;
  readonly written?: number | Int64 | undefined;
  readonly duplicates?: number | Int64 | undefined;
  readonly conflicts?: number | Int64 | undefined;
  readonly deadLetters?: number | Int64 | undefined;
  readonly droppedDeadLetters?: number | Int64 | undefined;
  readonly oldestEventTime?: Timestamp | undefined;
  readonly lag?: Duration | undefined;
  readonly storedLag?: Duration | undefined;
  readonly retention?: Retention | undefined;
}

/** `vigilant.v1.GetStatusResponse.State`; other numbers are possible. */
export type GetStatusResponse_State = number;
export const GetStatusResponse_State = {
  STATE_UNSPECIFIED: 0,
  STATE_IDLE: 1,
  STATE_READY: 2,
  STATE_DEGRADED: 3,
  STATE_CLOSING: 4,
  STATE_CLOSED: 5,
} as const;

/** `vigilant.v1.Retention` */
export interface Retention {
  readonly state?: Retention_State | undefined;
  readonly maxAge?: string | undefined;
  readonly maxAgeByLevel?: Readonly<Record<string, string>> | undefined;
  readonly maxBytes?: number | Int64 | undefined;
  readonly deleted?: number | Int64 | undefined;
  readonly lastRunTime?: Timestamp | undefined;
  readonly nextRunTime?: Timestamp | undefined;
  readonly reason?: string | undefined;
}

/** `vigilant.v1.Retention.State`; other numbers are possible. */
export type Retention_State = number;
export const Retention_State = {
  STATE_UNSPECIFIED: 0,
  STATE_WAITING: 1,
  STATE_RUNNING: 2,
  STATE_STANDBY: 3,
} as const;

/** `vigilant.v1.DeadLetter` */
export interface DeadLetter {
  readonly key?: string | undefined;
  readonly reason?: DeadLetter_Reason | undefined;
  readonly message?: string | undefined;
  readonly id?: string | undefined;
  readonly position?: string | undefined;
  readonly count?: number | Int64 | undefined;
  readonly firstTime?: Timestamp | undefined;
  readonly lastTime?: Timestamp | undefined;
}

/** `vigilant.v1.DeadLetter.Reason`; other numbers are possible. */
export type DeadLetter_Reason = number;
export const DeadLetter_Reason = {
  REASON_UNSPECIFIED: 0,
  REASON_REJECTED: 1,
  REASON_ID_CONFLICT: 2,
  REASON_MALFORMED: 3,
} as const;

/** `vigilant.v1.ListDeadLettersRequest` */
export interface ListDeadLettersRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

/** `vigilant.v1.ListDeadLettersResponse` */
export interface ListDeadLettersResponse {
  readonly deadLetters?: readonly DeadLetter[] | undefined;
  readonly nextPageToken?: string | undefined;
}

/** `vigilant.v1.GetDeadLetterRequest` */
export interface GetDeadLetterRequest {
  readonly key?: string | undefined;
  readonly dataFormat?: DataFormat | undefined;
}

/** `vigilant.v1.GetDeadLetterResponse` */
export interface GetDeadLetterResponse {
  readonly deadLetter?: DeadLetter | undefined;
  readonly event?: Event | undefined;
  readonly record?: Uint8Array | undefined;
}

/** `vigilant.v1.ReplayDeadLetterRequest` */
export interface ReplayDeadLetterRequest {
  readonly key?: string | undefined;
}

/** `vigilant.v1.ReplayDeadLetterResponse` */
export interface ReplayDeadLetterResponse {
  readonly id?: string | undefined;
}

/** `vigilant.v1.DeleteDeadLetterRequest` */
export interface DeleteDeadLetterRequest {
  readonly key?: string | undefined;
}

/** `vigilant.v1.DeleteDeadLetterResponse` */
export interface DeleteDeadLetterResponse {}

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
  readonly checkId?: boolean | undefined;
}

/** `vigilant.v1.LogEventResponse` */
export interface LogEventResponse {
  readonly id?: string | undefined;
  readonly idTaken?: boolean | undefined;
}

/** `vigilant.v1.LogEventsRequest` */
export interface LogEventsRequest {
  readonly events?: readonly Event[] | undefined;
  readonly checkIds?: boolean | undefined;
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
  readonly idTaken?: boolean | undefined;
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
