import type { AdapterContext, Timer } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { BackOff } from '@vigilant/core/adapter';
import { backOffMs, reasonOf, sharedSignal } from '@vigilant/core/adapter';
import type { WorkerThreadOptions, WorkerCall } from './worker-thread';
import { WorkerThread } from './worker-thread';

const RESTART: BackOff = { firstMs: 100, maxMs: 10_000 };

/** Options of a worker. */
export interface WorkerOptions extends WorkerThreadOptions {
  readonly context: AdapterContext;
  /** Called before any other call, at the start and after each restart. */
  readonly prepare: (call: WorkerCall) => Promise<void>;
}

/** A worker that is restarted when it dies, until it is closed or the signal of its context is aborted. */
export interface RunningWorker {
  readonly call: WorkerCall;
  /** Why no thread accepts calls at present. */
  readonly failureReason: string | undefined;
  /** Resolves once a thread accepts calls. Rejects if the next attempt to start one fails or the worker is closed. */
  ready(): Promise<void>;
  /** Calls the method `close` of the thread, then ends it. */
  close(): Promise<void>;
}

/** Starts a worker. Resolves once it is prepared. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const worker = new RestartingWorker(options);
  await worker.start();
  return worker;
}

/** A caller that waits for a thread. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class RestartingWorker implements RunningWorker {
  readonly #options: WorkerOptions;
  readonly #waiting = new Set<Waiting>();
  #thread: WorkerThread;
  #state: 'starting' | 'ready' | 'closed' = 'starting';
  #timer: Timer | undefined;
  #failures = 0;
  #readyAt = 0;
  #ending: Promise<void> | undefined;
  failureReason: string | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { signal } = options.context;
    this.#thread = this.#create();
    if (!signal.aborted) sharedSignal(signal)?.addEventListener('abort', this.#abandon, { once: true });
  }

  readonly call: WorkerCall = (method, payload, callOptions) =>
    this.#thread.call(method, payload, callOptions);

  /** Prepares the first thread. */
  async start(): Promise<void> {
    try {
      if (this.#options.context.signal.aborted) throw this.#closedError();
      await this.#prepare();
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  async ready(): Promise<void> {
    if (this.#state === 'ready') return;
    if (this.#state === 'closed') throw this.#closedError();
    // A waiting caller keeps the process alive, like a running call.
    const timer = this.#options.context.clock.after(RESTART.maxMs, () => {}, { keepAlive: true });
    await new Promise<void>((resolve, reject) => this.#waiting.add({ resolve, reject })).finally(() =>
      timer.cancel(),
    );
  }

  async close(): Promise<void> {
    if (this.#state === 'ready') {
      this.#stopRestarts();
      await this.#thread.call('close').catch(() => {});
      await this.#thread.idle();
    }
    await this.#end();
  }

  readonly #abandon = (): void => void this.#end();

  #create(): WorkerThread {
    return new WorkerThread(this.#options, (error) => this.#onDeath(error));
  }

  async #prepare(): Promise<void> {
    await this.#options.prepare(this.#thread.call);
    if (this.#state === 'closed') throw this.#closedError();
    this.#state = 'ready';
    this.#readyAt = this.#options.context.clock.monotonic();
    this.failureReason = undefined;
    for (const { resolve } of this.#takeWaiting()) resolve();
  }

  /** Restarts the thread. If it dies while it is prepared, the call of `prepare` rejects instead. */
  #onDeath(error: Error): void {
    if (this.#state !== 'ready') return;
    const { name, context } = this.#options;
    this.#state = 'starting';
    if (context.clock.monotonic() - this.#readyAt >= RESTART.maxMs) this.#failures = 0;
    this.#report(`The ${name} thread ended unexpectedly and is restarted: ${error.message}`, error);
    this.#restartLater();
  }

  #restartLater(): void {
    this.#failures += 1;
    const delayMs = backOffMs(RESTART, this.#failures, Math.random);
    this.#timer = this.#options.context.clock.after(delayMs, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    try {
      this.#thread = this.#create();
      await this.#prepare();
    } catch (error) {
      if (this.#isClosed()) return;
      await this.#thread.end();
      if (this.#isClosed()) return;
      const message = `The ${this.#options.name} thread could not be started: ${reasonOf(error)}`;
      this.#report(message, error);
      const failure = new VigilantError(this.#options.lostCode, message, { cause: error });
      for (const { reject } of this.#takeWaiting()) reject(failure);
      this.#restartLater();
    }
  }

  /** Rejects callers that wait and starts no further thread. */
  #stopRestarts(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
    for (const { reject } of this.#takeWaiting()) reject(this.#closedError());
  }

  #end(): Promise<void> {
    if (this.#state !== 'closed') this.#stopRestarts();
    this.#options.context.signal.removeEventListener('abort', this.#abandon);
    return (this.#ending ??= this.#thread.end());
  }

  #takeWaiting(): readonly Waiting[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #report(message: string, error: unknown): void {
    const { name, context } = this.#options;
    this.failureReason = message;
    context.diagnostics({ level: 'error', component: name, code: 'worker-died', message, error });
  }

  #closedError(): VigilantError {
    const { name, lostCode } = this.#options;
    return new VigilantError(lostCode, `The ${name} thread is closed.`);
  }
}
