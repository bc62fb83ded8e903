import type { ErrorCode, Violation } from '@vigilant/core';

/** What the host asks of a worker. Payloads hold plain values and transferred buffers. */
export interface Request {
  readonly call: number;
  readonly method: string;
  readonly payload: unknown;
  /** Set to 1 by the host when nobody waits any more. */
  readonly cancelled?: Int32Array;
}

/** What the worker answers. */
export type Response =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: TransferredError };

/** What the worker says without being asked. */
export interface Notice {
  readonly notice: string;
  readonly payload: unknown;
}

/** An error on its way between threads. */
export interface TransferredError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly violations: readonly Violation[];
  readonly retryAfterMs?: number;
}

/** What every worker is started with. */
export interface WorkerSetting {
  /** Where the host found the native library. */
  readonly library: string;
  readonly path: string;
}

/** Lets a long call notice that nobody waits any more. */
export interface CallContext {
  isCancelled(): boolean;
}

/** The methods of a worker. A value that holds buffers is returned by `withTransfer`. */
export type Handlers = Readonly<Record<string, (payload: never, context: CallContext) => unknown>>;

/** A value and the buffers in it that are handed over instead of copied. */
export class Transfer {
  constructor(
    readonly value: unknown,
    readonly buffers: readonly ArrayBuffer[],
  ) {}
}
