import type { ErrorCode, Violation } from '@vigilant/core';
import type { DriverPlace } from '../sqlite/driver';

/** A call of the host to a worker. Payloads consist of plain values and transferred buffers. */
export interface Request {
  readonly call: number;
  readonly method: string;
  readonly payload: unknown;
  /** Set to 1 by the host to cancel the call. */
  readonly cancelled: Int32Array | undefined;
}

/** The answer of a worker. */
export type Response =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: TransferredError };

/** Sent by the host after it has set the flag `endRequest`, so that an idle worker reads the flag. */
export const END = 'end';

/** A message of a worker that is not an answer. */
export interface Notice {
  readonly notice: string;
  readonly payload: unknown;
}

/** A `VigilantError` in a form that can be cloned. */
export interface TransferredError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly violations: readonly Violation[];
  readonly retryAfterMs?: number;
  /** The error that caused it, without its stack. */
  readonly cause?: { readonly message: string; readonly code?: string } | undefined;
}

/** Start parameter that every worker receives. */
export interface ThreadSetting {
  /** Set to 1 by the host to request the end of the thread. */
  readonly endRequest: Int32Array;
}

/** Start parameters of a worker. */
export interface WorkerSetting {
  readonly driverPlace: DriverPlace;
  readonly path: string;
}

/** The state of a running call. */
export interface WorkerCallContext {
  isCancelled(): boolean;
}

/** The methods of a worker. A method returns a `Transfer` to transfer buffers. */
export type WorkerHandlers = Readonly<
  Record<string, (payload: never, context: WorkerCallContext) => unknown>
>;

/** A value, and the buffers in it that are transferred instead of copied. */
export class Transfer {
  constructor(
    readonly value: unknown,
    readonly buffers: readonly ArrayBuffer[],
  ) {}
}
