import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '@vigilant/core';
import { VigilantError, systemClock } from '@vigilant/core';
import { threadNotStarted } from '../sqlite/driver-error';
import type { Notice, Request, Response, ThreadSetting, TransferredError } from './messages';
import { END } from './messages';

/** How long a thread has to end by itself before it is terminated, in milliseconds. */
const END_MS = 200;

const lostCalls = new WeakSet<Error>();

/** Returns whether a call failed because its thread died. Its outcome is unknown, and a new thread will be started. */
export function isLostCall(error: unknown): boolean {
  return error instanceof Error && lostCalls.has(error);
}

/** Options of a worker thread. */
export interface WorkerThreadOptions {
  /** Name of the thread in diagnostics. */
  readonly name: string;
  /** Source code of its program. */
  readonly source: string;
  readonly workerData: object;
  /** Error code of calls whose thread ended, so that their outcome is unknown. */
  readonly lostCode: ErrorCode;
  readonly onNotice?: (notice: string, payload: unknown) => void;
}

/** Calls a method of a worker. */
export type WorkerCall = <T>(method: string, payload?: unknown, options?: WorkerCallOptions) => Promise<T>;

/** Options of a call. */
export interface WorkerCallOptions {
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal | undefined;
  /** Waits for the answer of the worker even after the signal has cancelled the call. @defaultValue false */
  readonly waitsForAnswer?: boolean;
}

/** A call that waits for its answer. */
interface PendingCall {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, from its start until it dies or is ended. */
export class WorkerThread {
  readonly #options: WorkerThreadOptions;
  readonly #worker: Worker;
  readonly #exited: Promise<unknown>;
  readonly #endRequest = new Int32Array(new SharedArrayBuffer(4));
  readonly #pending = new Map<number, PendingCall>();
  readonly #onDeath: (error: Error) => void;
  #calls = 0;
  /** Why and how the thread ended; `undefined` while it runs. */
  #end: { readonly reason: Error; readonly isDeath: boolean } | undefined;
  #onIdle = (): void => {};

  /** @param onDeath - Called when the thread ends by itself. */
  constructor(options: WorkerThreadOptions, onDeath: (error: Error) => void) {
    this.#options = options;
    this.#onDeath = onDeath;
    this.#worker = startThread(options, this.#endRequest);
    this.#exited = new Promise((resolve) => void this.#worker.once('exit', resolve));
    this.#worker.on('message', (message: Response | Notice) => this.#receive(message));
    this.#worker.on('error', (error) => this.#die(error as Error));
    this.#worker.on('exit', (code) => this.#die(new Error(`it exited with code ${code}`)));
    this.#worker.unref();
  }

  readonly call: WorkerCall = (method, payload, options = {}) =>
    new Promise((resolve, reject) => {
      const { transfer = [], signal } = options;
      if (this.#end !== undefined) return reject(this.#endedError());
      if (signal?.aborted) return reject(signal.reason as Error);
      this.#calls += 1;
      const call = this.#calls;
      this.#pending.set(call, { resolve, reject });
      const cancelled = signal === undefined ? undefined : this.#cancelAt(signal, call, options);
      this.#worker.ref();
      try {
        this.#worker.postMessage({ call, method, payload, cancelled } satisfies Request, [...transfer]);
      } catch (error) {
        // Arguments that cannot be cloned, such as a symbol: the thread never sees this call.
        this.#settle(call)?.reject(error);
      }
    });

  /** Resolves when every call is settled. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** Ends the thread at once and rejects its pending calls. */
  async end(): Promise<void> {
    if (this.#end === undefined) {
      this.#end = { reason: new Error('it was ended'), isDeath: false };
      this.#rejectAll();
    }
    await this.#stop();
  }

  /** Requests the end of the thread. Terminates a thread that does not end in time, because it runs a long statement. */
  async #stop(): Promise<void> {
    Atomics.store(this.#endRequest, 0, 1);
    Atomics.notify(this.#endRequest, 0);
    this.#worker.postMessage(END);
    this.#worker.ref();
    const timer = systemClock.after(END_MS, () => void this.#worker.terminate());
    await this.#exited;
    timer.cancel();
  }

  #die(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { reason, isDeath: true };
    this.#rejectAll();
    this.#onDeath(reason);
  }

  #rejectAll(): void {
    const error = this.#endedError();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#onIdle();
  }

  #endedError(): VigilantError {
    const { name, lostCode } = this.#options;
    const message = `The ${name} thread ended; the outcome of its running calls is unknown.`;
    const error = new VigilantError(lostCode, message, { cause: this.#end?.reason });
    if (this.#end?.isDeath) lostCalls.add(error);
    return error;
  }

  #receive(message: Response | Notice): void {
    if ('notice' in message) return this.#options.onNotice?.(message.notice, message.payload);
    const call = this.#settle(message.call);
    if ('error' in message) call?.reject(revive(message.error));
    else call?.resolve(message.value as never);
  }

  #settle(call: number): PendingCall | undefined {
    const found = this.#pending.get(call);
    this.#pending.delete(call);
    // An idle worker does not keep the process alive; one with a pending call does.
    if (this.#pending.size === 0) {
      this.#worker.unref();
      this.#onIdle();
    }
    return found;
  }

  /** Cancels a pending call at the signal; returns the flag by which the worker notices. */
  #cancelAt(signal: AbortSignal, call: number, { waitsForAnswer = false }: WorkerCallOptions): Int32Array {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const { resolve, reject } = this.#pending.get(call) as PendingCall;
    const onAbort = (): void => {
      Atomics.store(flag, 0, 1);
      if (!waitsForAnswer) this.#settle(call)?.reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const release = (): void => signal.removeEventListener('abort', onAbort);
    this.#pending.set(call, {
      resolve: (value) => (release(), resolve(value)),
      reject: (error) => (release(), reject(error)),
    });
    return flag;
  }
}

/**
 * Starts the thread. The flags and the environment of the process are not passed on: a preloaded module would also run in
 * the thread, and `--input-type=module` would change how its program is read.
 *
 * @throws {VigilantError} `VIGILANT_DRIVER_MISSING`
 */
function startThread({ name, source, workerData }: WorkerThreadOptions, endRequest: Int32Array): Worker {
  const data = { ...workerData, endRequest } satisfies ThreadSetting;
  try {
    return new Worker(source, { eval: true, execArgv: [], env: {}, workerData: data, stdout: false });
  } catch (error) {
    throw threadNotStarted(name, error);
  }
}

function revive({ code, message, cause, ...options }: TransferredError): VigilantError {
  if (cause === undefined) return new VigilantError(code, message, options);
  const { message: reason, ...properties } = cause;
  return new VigilantError(code, message, {
    ...options,
    cause: Object.assign(new Error(reason), properties),
  });
}
