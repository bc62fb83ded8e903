import type { Timer } from '../util/clock';
import { backOffMs, hurried } from '../util/backoff';
import type { Broker } from '../contracts/broker';
import type { AdapterContext } from '../contracts/context';
import { VigilantError, reasonOf } from '../util/errors';
import { optionError } from '../util/option-checks';
import { abortable, sharedSignal } from '../util/signals';
import { adapterHolders } from './adapter-holders';
import { closedError } from './lifecycle';

const BACK_OFF = { firstMs: 100, maxMs: 30_000 };

/** Opens an adapter, retries until it succeeds, and closes it. */
export interface Opener {
  readonly state: 'idle' | 'opening' | 'open';
  /** Why the last attempt failed; `undefined` when none has failed or the adapter is open. */
  readonly failureReason: string | undefined;
  /** Starts opening the adapter, unless it has already been started. */
  start(): void;
  /**
   * Resolves when the adapter is open; rejects with the error of the current attempt, or with `VIGILANT_CLOSED` after `stop`.
   *
   * After a failure, attempts continue in the background until `stop`. They do not keep the process alive.
   */
  open(): Promise<void>;
  /** Resolves when the adapter is open, after any number of attempts. Keeps the process alive. */
  opened(): Promise<void>;
  /** Creates the error of a call that could not wait any longer for the adapter to open. */
  notOpened(timeoutMs: number): VigilantError;
  /** Stops retrying. Aborts the current attempt, and rejects the callers that wait for it. */
  stop(): void;
  /**
   * Closes the adapter after `stop`, and waits for an attempt that is still running. If that attempt succeeds later, the
   * adapter is closed again.
   */
  close(): Promise<void>;
  /** Aborts all pending operations of the adapter. */
  abandon(): void;
}

/** Dependencies of an opener. */
export interface OpenerParts {
  readonly name: 'broker' | 'store';
  readonly adapter: Pick<Broker, 'open' | 'close'>;
  readonly services: Omit<AdapterContext, 'signal'>;
  /** Called once the adapter is open, unless the opener was stopped. */
  readonly onOpen: () => void;
}

/** Creates an opener; it does nothing until it is used. */
export function createOpener(parts: OpenerParts): Opener {
  return new AdapterOpener(parts);
}

class AdapterOpener implements Opener {
  readonly #parts: OpenerParts;
  readonly #stopping = new AbortController();
  /** Its signal is that of the adapter's context, where each running call may listen to it. */
  readonly #abandoned = new AbortController();
  /** The current attempt, or the successful one. */
  #attempt: Promise<void> | undefined;
  /** Settles like the attempt, or rejects once the opener is stopped. */
  #opening: Promise<void> | undefined;
  #state: Opener['state'] = 'idle';
  #isClosed = false;
  #isHurrying = false;
  #failures = 0;
  #failureReason: string | undefined;
  #retry: Timer | undefined;
  #onOpened: (() => void)[] = [];

  constructor(parts: OpenerParts) {
    this.#parts = parts;
    sharedSignal(this.#abandoned.signal);
  }

  get state(): Opener['state'] {
    return this.#state;
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  start(): void {
    if (this.#state === 'idle') this.open().catch(() => {});
  }

  async open(): Promise<void> {
    const { signal } = this.#stopping;
    if (this.#state === 'open') return;
    signal.throwIfAborted();
    this.#opening ??= abortable((this.#attempt = this.#tryToOpen()), signal);
    await this.#opening;
  }

  opened(): Promise<void> {
    if (this.#state === 'open') return Promise.resolve();
    this.#isHurrying = true;
    this.open().catch(() => {});
    return new Promise((resolve) => this.#onOpened.push(resolve));
  }

  notOpened(timeoutMs: number): VigilantError {
    const { name } = this.#parts;
    const reason = this.#failureReason === undefined ? '' : ` (${this.#failureReason})`;
    return new VigilantError(
      name === 'store' ? 'VIGILANT_STORE_UNAVAILABLE' : 'VIGILANT_BROKER_UNAVAILABLE',
      `The ${name} did not open within ${timeoutMs} ms${reason}. It is still being opened; try again later, or allow more time.`,
    );
  }

  stop(): void {
    this.#retry?.cancel();
    if (this.#state === 'opening') this.#abandoned.abort();
    this.#stopping.abort(closedError());
  }

  async close(): Promise<void> {
    const { adapter } = this.#parts;
    this.#isClosed = true;
    // An adapter that another engine holds stays open.
    if (this.#isHeldElsewhere()) return;
    const attempt = this.#attempt?.catch(() => {});
    try {
      await adapter.close();
    } finally {
      await attempt;
      this.#release();
    }
  }

  abandon(): void {
    this.#abandoned.abort();
  }

  async #tryToOpen(): Promise<void> {
    const { adapter, services, onOpen } = this.#parts;
    const context = { ...services, signal: this.#abandoned.signal };
    this.#retry?.cancel();
    this.#state = 'opening';
    try {
      // Deferred, so that `#opening` is set before an adapter that throws synchronously resets it.
      await Promise.resolve().then(() => {
        this.#hold();
        return adapter.open(context);
      });
    } catch (error) {
      this.#release();
      this.#opening = undefined;
      if (!this.#isStopped()) this.#retryLater(error);
      throw error;
    }
    this.#state = 'open';
    this.#failureReason = undefined;
    if (this.#isClosed) await this.#closeAgain();
    if (!this.#isStopped()) onOpen();
    for (const resolve of this.#onOpened.splice(0)) resolve();
  }

  /** Holds the adapter, which keeps the state of one engine. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
  #hold(): void {
    const { name, adapter } = this.#parts;
    if (this.#isHeldElsewhere()) {
      const reason = 'is already open in another engine';
      throw optionError(
        `The ${name} ${reason}, to which it belongs until that engine is closed. ` +
          'Create separate adapters for each engine, for example with another call of sqlite().',
        { field: name, code: 'in_use', reason },
      );
    }
    adapterHolders().set(adapter, this);
  }

  #release(): void {
    const { adapter } = this.#parts;
    const holders = adapterHolders();
    if (holders.get(adapter) === this) holders.delete(adapter);
  }

  #isHeldElsewhere(): boolean {
    const holder = adapterHolders().get(this.#parts.adapter);
    return holder !== undefined && holder !== this;
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #retryLater(error: unknown): void {
    const { name, services } = this.#parts;
    this.#failures += 1;
    this.#failureReason = reasonOf(error);
    const message = `The ${name} could not be opened (attempt ${this.#failures}): ${this.#failureReason}`;
    services.diagnostics({ level: 'warn', component: 'engine', code: `${name}-open-failed`, message, error });
    const pauseMs = backOffMs(this.#isHurrying ? hurried(BACK_OFF) : BACK_OFF, this.#failures, Math.random);
    const again = (): void => void this.open().catch(() => {});
    this.#retry = services.clock.after(pauseMs, again, { keepAlive: this.#isHurrying });
  }

  /** Closes an adapter that opened although it had been closed. */
  async #closeAgain(): Promise<void> {
    const { name, adapter, services } = this.#parts;
    try {
      await adapter.close();
    } catch (error) {
      const message = `The ${name} opened after the engine was closed, and did not close: ${reasonOf(error)}`;
      services.diagnostics({ level: 'warn', component: 'engine', code: 'close-failed', message, error });
    }
  }
}
