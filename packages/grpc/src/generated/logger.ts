// Generated from proto/ by `npm run generate`; do not edit.

import type { Int64, ServerStream, Unary } from './types';

/** `logger.LogService` */
export interface LogService {
  readonly SendLog: Unary<Log, LogResponse>;
  readonly GetLogs: ServerStream<GetLogsRequest, Log>;
  readonly GetLog: Unary<GetLogRequest, Log>;
}

/** `logger.LogLevel`; other numbers are possible. */
export type LogLevel = number;
export const LogLevel = {
  ALL: 0,
  NONE: 1,
  INFO: 2,
  WARN: 3,
  ERROR: 4,
  DEBUG: 5,
} as const;

/** `logger.Log` */
export interface Log {
  readonly id?: number | undefined;
  readonly message?: string | undefined;
  readonly level?: LogLevel | undefined;
  readonly severity?: number | undefined;
  readonly timestamp?: number | Int64 | undefined;
  readonly origin?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly group?: string | undefined;
  readonly tags?: string | undefined;
  readonly data?: Log_Data | undefined;
}

/** `logger.Log.Data` */
export interface Log_Data {
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** `logger.LogResponse` */
export interface LogResponse {
  readonly success?: boolean | undefined;
  readonly idTaken?: boolean | undefined;
}

/** `logger.GetLogsRequest` */
export interface GetLogsRequest {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly group?: string | undefined;
  readonly tags?: string | undefined;
  readonly origin?: string | undefined;
  readonly message?: string | undefined;
  readonly level?: LogLevel | undefined;
  readonly severity?: number | undefined;
  readonly timestamp?: number | Int64 | undefined;
}

/** `logger.GetLogRequest` */
export interface GetLogRequest {
  readonly id?: number | undefined;
}
