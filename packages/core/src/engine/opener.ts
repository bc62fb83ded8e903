import type { Clock, Timer } from '../util/clock';
import { backOffMs, hurried } from '../util/backoff';
import type { DiagnosticSink } from '../util/diagnostics';
import { VigilantError, reasonOf } from '../util/errors';

const BACK_OFF = { firstMs: 100, maxMs: 30_000 };

/** Opens an adapter and retries until it succeeds. */
export interface Opener {
  readonly state: 'idle' | 'opening' | 'open';
  /** Why the last attempt failed; `undefined` when none has failed or the adapter is open. */
  readonly failureReason: string | undefined;
  /** Starts to open the adapter unless that has already been started. */
  start(): void;
  /**
   * Resolves when the adapter is open; rejects with the error of the current attempt.
   *
   * After a failure, attempts continue in the background until `stop`. They do not keep the process alive.
   */
  open(): Promise<void>;
  /** Resolves when the adapter is open, after any number of attempts. Keeps the process alive. */
  opened(): Promise<void>;
  /** Creates the error of a call that could not wait any longer for the adapter to open. */
  notOpened(timeoutMs: number): VigilantError;
  /** Waits for the current attempt and starts no other. */
  stop(): Promise<void>;
}

/** Dependencies of an opener. */
export interface OpenerParts {
  readonly name: 'broker' | 'store';
  readonly attempt: () => Promise<void>;
  /** Called once the adapter is open. */
  readonly onOpen: () => void;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
}

/** Creates an opener; it does nothing until it is used. */
export function createOpener(parts: OpenerParts): Opener {
  return new AdapterOpener(parts);
}

class AdapterOpener implements Opener {
  readonly #parts: OpenerParts;
  /** The current attempt, or the successful one. */
  #opening: Promise<void> | undefined;
  #state: Opener['state'] = 'idle';
  #isStopped = false;
  #isHurrying = false;
  #failures = 0;
  #failureReason: string | undefined;
  #retry: Timer | undefined;
  #onOpened: (() => void)[] = [];

  constructor(parts: OpenerParts) {
    this.#parts = parts;
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

  open(): Promise<void> {
    this.#opening ??= this.#attempt();
    return this.#opening;
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

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#retry?.cancel();
    await this.#opening?.catch(() => {});
  }

  async #attempt(): Promise<void> {
    this.#retry?.cancel();
    this.#state = 'opening';
    try {
      // Deferred, so that `#opening` is set before an adapter that throws synchronously resets it.
      await Promise.resolve().then(() => this.#parts.attempt());
    } catch (error) {
      this.#opening = undefined;
      this.#fail(error);
      throw error;
    }
    this.#state = 'open';
    this.#failureReason = undefined;
    if (!this.#isStopped) this.#parts.onOpen();
    for (const resolve of this.#onOpened.splice(0)) resolve();
  }

  #fail(error: unknown): void {
    const { name, clock, diagnostics } = this.#parts;
    this.#failures += 1;
    this.#failureReason = reasonOf(error);
    const message = `The ${name} could not be opened (${this.#failures} in a row): ${this.#failureReason}`;
    diagnostics({ level: 'warn', component: 'engine', code: `${name}-open-failed`, message, error });
    if (this.#isStopped) return;
    const pauseMs = backOffMs(this.#isHurrying ? hurried(BACK_OFF) : BACK_OFF, this.#failures, Math.random);
    const again = (): void => void this.open().catch(() => {});
    this.#retry = clock.after(pauseMs, again, { keepAlive: this.#isHurrying });
  }
}
