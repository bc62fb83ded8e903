// Generated from proto/ by `npm run generate`; do not edit.

import type { Any, Duration } from './google-protobuf';

/** `google.rpc.ErrorInfo` */
export interface ErrorInfo {
  readonly reason?: string | undefined;
  readonly domain?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** `google.rpc.RetryInfo` */
export interface RetryInfo {
  readonly retryDelay?: Duration | undefined;
}

/** `google.rpc.BadRequest` */
export interface BadRequest {
  readonly fieldViolations?: readonly BadRequest_FieldViolation[] | undefined;
}

/** `google.rpc.BadRequest.FieldViolation` */
export interface BadRequest_FieldViolation {
  readonly field?: string | undefined;
  readonly description?: string | undefined;
  readonly reason?: string | undefined;
}

/** `google.rpc.Status` */
export interface Status {
  readonly code?: number | undefined;
  readonly message?: string | undefined;
  readonly details?: readonly Any[] | undefined;
}
