// Generated from proto/ by `npm run generate`; do not edit.

import type { ServerStream, Unary } from './types';

/** `grpc.health.v1.Health` */
export interface Health {
  readonly Check: Unary<HealthCheckRequest, HealthCheckResponse>;
  readonly List: Unary<HealthListRequest, HealthListResponse>;
  readonly Watch: ServerStream<HealthCheckRequest, HealthCheckResponse>;
}

/** `grpc.health.v1.HealthCheckRequest` */
export interface HealthCheckRequest {
  readonly service?: string | undefined;
}

/** `grpc.health.v1.HealthCheckResponse` */
export interface HealthCheckResponse {
  readonly status?: HealthCheckResponse_ServingStatus | undefined;
}

/** `grpc.health.v1.HealthCheckResponse.ServingStatus`; other numbers are possible. */
export type HealthCheckResponse_ServingStatus = number;
export const HealthCheckResponse_ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  SERVICE_UNKNOWN: 3,
} as const;

/** `grpc.health.v1.HealthListRequest` */
export interface HealthListRequest {}

/** `grpc.health.v1.HealthListResponse` */
export interface HealthListResponse {
  readonly statuses?: Readonly<Record<string, HealthCheckResponse>> | undefined;
}
