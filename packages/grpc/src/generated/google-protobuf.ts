// Generated from proto/ by `npm run generate`; do not edit.

import type { Int64 } from './types';

/** `google.protobuf.Duration` */
export interface Duration {
  readonly seconds?: number | Int64 | undefined;
  readonly nanos?: number | undefined;
}

/** `google.protobuf.Any` */
export interface Any {
  readonly type_url?: string | undefined;
  readonly value?: Uint8Array | undefined;
}

/** `google.protobuf.Timestamp` */
export interface Timestamp {
  readonly seconds?: number | Int64 | undefined;
  readonly nanos?: number | undefined;
}

/** `google.protobuf.Struct` */
export interface Struct {
  readonly fields?: Readonly<Record<string, Value>> | undefined;
}

/** `google.protobuf.Value` */
export interface Value {
  readonly nullValue?: NullValue | undefined;
  readonly numberValue?: number | undefined;
  readonly stringValue?: string | undefined;
  readonly boolValue?: boolean | undefined;
  readonly structValue?: Struct | undefined;
  readonly listValue?: ListValue | undefined;
}

/** `google.protobuf.NullValue`; other numbers are possible. */
export type NullValue = number;
export const NullValue = {
  NULL_VALUE: 0,
} as const;

/** `google.protobuf.ListValue` */
export interface ListValue {
  readonly values?: readonly Value[] | undefined;
}
