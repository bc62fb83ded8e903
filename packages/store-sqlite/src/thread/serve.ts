import { parentPort, workerData } from 'node:worker_threads';
import { isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import { endIfRequested, setEndRequest } from '../sqlite/pause';
import type { WorkerHandlers, Notice, Request, ThreadSetting, TransferredError } from './messages';
import { END, Transfer } from './messages';

/** Translates an error of a handler. */
export type TranslateError = (error: unknown) => TransferredError;

/** Thrown by a handler to end the thread, because its state in memory cannot be trusted. The host starts a new one. */
export class FatalError extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = 'FatalError';
  }
}

/** Answers the calls of the host. Calls overlap when a handler awaits. */
export function serve(handlers: WorkerHandlers, translate: TranslateError): void {
  setEndRequest((workerData as ThreadSetting).endRequest);
  parentPort?.on('message', (message: Request | typeof END) => {
    endIfRequested();
    if (message !== END) void answer(message, handlers, translate);
  });
}

/** Sends a notice to the host. */
export function notify(notice: string, payload: unknown): void {
  parentPort?.postMessage({ notice, payload } satisfies Notice);
}

/** Converts a `VigilantError` so that it can be cloned; returns `undefined` for any other error. */
export function transferError(error: unknown): TransferredError | undefined {
  if (!isVigilantError(error)) return undefined;
  const { code, message, retryable, violations, retryAfterMs, cause } = error;
  return {
    code,
    message,
    retryable,
    violations,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: transferCause(cause),
  };
}

function transferCause(cause: unknown): TransferredError['cause'] {
  if (!(cause instanceof Error)) return undefined;
  const { message, code } = cause as Error & { readonly code?: unknown };
  return typeof code === 'string' ? { message, code } : { message };
}

async function answer(request: Request, handlers: WorkerHandlers, translate: TranslateError): Promise<void> {
  const { call, method, payload, cancelled } = request;
  const isCancelled = (): boolean => cancelled !== undefined && Atomics.load(cancelled, 0) === 1;
  try {
    const handler = handlers[method];
    if (handler === undefined) throw new Error(`The worker has no method ${method}.`);
    const result = await handler(payload as never, { isCancelled });
    if (result instanceof Transfer)
      parentPort?.postMessage({ call, value: result.value }, [...result.buffers]);
    else parentPort?.postMessage({ call, value: result });
  } catch (error) {
    if (error instanceof FatalError) endThread(error);
    else parentPort?.postMessage({ call, error: translate(error) });
  }
}

/** Ends the thread with an error. */
export function endThread(error: FatalError): void {
  // Thrown outside of any promise, so that it ends the thread regardless of --unhandled-rejections.
  queueMicrotask(() => {
    throw error;
  });
}
