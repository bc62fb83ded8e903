import type { Clock } from '@vigilant/core';
import { sleep } from '@vigilant/core/adapter';

/** Observes whether requests are running. */
export interface Activity {
  /** Records the start of a request. The returned function records its end. */
  start(): () => void;
  /**
   * Resolves once no request has been running for `idleMs`, or after `stop`. Keeps the process alive until then.
   */
  untilIdle(idleMs: number): Promise<void>;
  /** Resolves all pending `untilIdle` and cancels their timers. */
  stop(): void;
}

/** Creates an observer without running requests. */
export function createActivity(clock: Clock): Activity {
  return new RequestActivity(clock);
}

class RequestActivity implements Activity {
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #running = 0;
  #lastEnd: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastEnd = clock.monotonic();
  }

  start(): () => void {
    this.#running += 1;
    return () => {
      this.#running -= 1;
      this.#lastEnd = this.#clock.monotonic();
    };
  }

  async untilIdle(idleMs: number): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const idle = this.#running > 0 ? 0 : this.#clock.monotonic() - this.#lastEnd;
      if (idle >= idleMs) return;
      await sleep(this.#clock, idleMs - idle, signal, { keepAlive: true }).catch(() => {});
    }
  }

  stop(): void {
    this.#stopping.abort();
  }
}
