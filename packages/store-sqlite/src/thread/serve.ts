import { parentPort } from 'node:worker_threads';
import { isVigilantError } from '@vigilant/core';
import type { Handlers, Notice, Request, TransferredError } from './messages';
import { Transfer } from './messages';

/** Translates whatever a handler throws; the worker knows which library it uses. */
export type TranslateError = (error: unknown) => TransferredError;

/** Thrown by a handler to end the thread, because its state in memory cannot be trusted. The host starts a new one. */
export class FatalError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'FatalError';
  }
}

/** Answers the host's calls with these handlers. Calls may overlap where a handler awaits. */
export function serve(handlers: Handlers, translate: TranslateError): void {
  parentPort?.on('message', (request: Request) => void answer(request, handlers, translate));
}

/** Says something to the host without being asked. */
export function notify(notice: string, payload: unknown, buffers: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage({ notice, payload } satisfies Notice, [...buffers]);
}

/** Lets other calls of the worker have their turn. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An error of ours as it travels. */
export function transferError(error: unknown): TransferredError | undefined {
  if (!isVigilantError(error)) return undefined;
  const { code, message, retryable, violations, retryAfterMs } = error;
  return { code, message, retryable, violations, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

async function answer(request: Request, handlers: Handlers, translate: TranslateError): Promise<void> {
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

function endThread(error: FatalError): void {
  // Thrown outside of any promise, so that it ends the thread regardless of --unhandled-rejections.
  queueMicrotask(() => {
    throw error;
  });
}
