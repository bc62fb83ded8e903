import { Worker } from 'node:worker_threads';
import type { AdapterContext, BackOff, ErrorCode, Timer } from '@vigilant/core';
import { VigilantError, backOffMs } from '@vigilant/core';
import type { Notice, Request, Response, TransferredError } from './protocol';

const lostCalls = new WeakSet<Error>();

/** Tells that a call failed because its thread died: its outcome is unknown, and another thread will take calls. */
export function isLostCall(error: unknown): boolean {
  return error instanceof Error && lostCalls.has(error);
}

function lostCall(code: ErrorCode, message: string, cause: Error): VigilantError {
  const error = new VigilantError(code, message, { cause });
  lostCalls.add(error);
  return error;
}

const RESTART: BackOff = { firstMs: 100, maxMs: 10_000 };

/** How a worker is run. */
export interface WorkerOptions {
  /** Names it in diagnostics. */
  readonly name: string;
  /** Its program. */
  readonly source: string;
  readonly workerData: unknown;
  readonly context: AdapterContext;
  /** The code of calls whose worker died: their outcome is unknown. */
  readonly lostCode: ErrorCode;
  /** Called with a fresh worker before any other call, at the start and after each restart. */
  readonly prepare: (call: WorkerCall) => Promise<void>;
  readonly onNotice?: (notice: string, payload: unknown) => void;
}

/** Calls a method of a worker. */
export type WorkerCall = <T>(method: string, payload?: unknown, options?: CallOptions) => Promise<T>;

/** Options of a call. */
export interface CallOptions {
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal | undefined;
  /** Resolves to what the worker answers even after the signal, which only cancels. @defaultValue false */
  readonly waitsForAnswer?: boolean;
}

/** A worker that is started again when it dies. */
export interface RunningWorker {
  readonly call: WorkerCall;
  /** Resolves once calls reach a living thread; rejects when it is closed instead. */
  ready(): Promise<void>;
  /** Ends it once `farewell`, its last call, is answered. */
  close(farewell: string): Promise<void>;
}

/** A call that waits for its answer. */
interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts a worker; resolves once it is prepared. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { context } = options;
  let thread = await startThread(options);
  let isClosing = false;
  let isReady = true;
  let timer: Timer | undefined;
  const waiting = new Set<() => void>();

  const wakeWaiting = (): void => {
    for (const wake of [...waiting]) wake();
    waiting.clear();
  };

  const watch = (current: Thread): void => {
    current.onDeath((error) => {
      if (isClosing) return;
      isReady = false;
      const message = `The ${options.name} thread ended and is started again: ${error.message}`;
      context.diagnostics({ level: 'error', component: options.name, code: 'worker-died', message, error });
      restart(1);
    });
  };

  const restart = (attempt: number): void => {
    timer = context.clock.after(backOffMs(RESTART, attempt, Math.random), () => {
      startThread(options).then(
        (fresh) => {
          if (isClosing) return void fresh.end();
          thread = fresh;
          isReady = true;
          watch(fresh);
          wakeWaiting();
        },
        (error: unknown) => {
          if (isClosing) return;
          const message = `The ${options.name} thread does not start: ${String(error)}`;
          context.diagnostics({
            level: 'error',
            component: options.name,
            code: 'worker-died',
            message,
            error,
          });
          restart(attempt + 1);
        },
      );
    });
  };

  watch(thread);
  return {
    call: (method, payload, callOptions) => thread.call(method, payload, callOptions),
    async ready() {
      while (!isReady && !isClosing) await new Promise<void>((resolve) => waiting.add(resolve));
      if (isClosing) throw new VigilantError(options.lostCode, `The ${options.name} thread is closed.`);
    },
    async close(farewell) {
      if (isClosing) return;
      isClosing = true;
      timer?.cancel();
      wakeWaiting();
      await thread.call(farewell).catch(() => {});
      await thread.idle();
      await thread.end();
    },
  };
}

/** One life of a worker. */
interface Thread {
  readonly call: WorkerCall;
  onDeath(listener: (error: Error) => void): void;
  /** Resolves when every call is settled. */
  idle(): Promise<void>;
  end(): Promise<void>;
}

async function startThread(options: WorkerOptions): Promise<Thread> {
  const worker = new Worker(options.source, { eval: true, workerData: options.workerData, stdout: false });
  const pending = new Map<number, Pending>();
  let calls = 0;
  let death: Error | undefined;
  let onDeath: (error: Error) => void = () => {};
  let onIdle: () => void = () => {};

  const settle = (call: number): Pending | undefined => {
    const found = pending.get(call);
    pending.delete(call);
    // An idle worker does not keep the process alive; one that somebody waits for does.
    if (pending.size === 0) {
      worker.unref();
      onIdle();
    }
    return found;
  };

  const die = (error: Error): void => {
    if (death !== undefined) return;
    death = error;
    const reason = `The ${options.name} thread ended while it worked; the outcome is unknown.`;
    const lost = lostCall(options.lostCode, reason, error);
    for (const { reject } of pending.values()) reject(lost);
    pending.clear();
    onIdle();
    onDeath(error);
  };

  worker.on('message', (message: Response | Notice) => {
    if ('notice' in message) return options.onNotice?.(message.notice, message.payload);
    const waiting = settle(message.call);
    if ('error' in message) waiting?.reject(revive(message.error));
    else waiting?.resolve(message.value as never);
  });
  worker.on('error', die);
  worker.on('exit', (code) => die(new Error(`it exited with code ${code}`)));
  worker.unref();

  const call: WorkerCall = (method, payload, { transfer = [], signal, waitsForAnswer = false } = {}) =>
    new Promise((resolve, reject) => {
      if (death !== undefined) {
        const reason = `The ${options.name} thread is being started again; try again.`;
        return reject(lostCall(options.lostCode, reason, death));
      }
      if (signal?.aborted) return reject(signal.reason as Error);
      calls += 1;
      const id = calls;
      let cancelled: Int32Array | undefined;
      if (signal !== undefined) {
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const onAbort = (): void => {
          Atomics.store(flag, 0, 1);
          if (!waitsForAnswer) settle(id)?.reject(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        const release = (): void => signal.removeEventListener('abort', onAbort);
        pending.set(id, {
          resolve: (value) => (release(), resolve(value)),
          reject: (error) => (release(), reject(error as Error)),
        });
        cancelled = flag;
      } else pending.set(id, { resolve, reject });
      worker.ref();
      const request: Request =
        cancelled === undefined ? { call: id, method, payload } : { call: id, method, payload, cancelled };
      worker.postMessage(request, [...transfer]);
    });

  try {
    await options.prepare(call);
  } catch (error) {
    death = error as Error;
    await worker.terminate();
    throw error;
  }
  return {
    call,
    onDeath(listener) {
      onDeath = listener;
      if (death !== undefined) listener(death);
    },
    async idle() {
      if (pending.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
    },
    async end() {
      death ??= new Error('it was ended');
      await worker.terminate();
    },
  };
}

function revive({ code, message, ...options }: TransferredError): VigilantError {
  return new VigilantError(code, message, options);
}
