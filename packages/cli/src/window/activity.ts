import type { Clock, Timer } from '@vigilant/core';

/** Observes whether requests are running. */
export interface Activity {
  /** Records the start of a request. The returned function records its end. */
  start(): () => void;
  /** Resolves once no request has been running for a time, in milliseconds. Keeps the process alive meanwhile. */
  untilIdle(idleMs: number): Promise<void>;
  /** Cancels the timer. A pending `untilIdle` does not resolve. */
  stop(): void;
}

/** Creates an observer without running requests. */
export function createActivity(clock: Clock): Activity {
  return new RequestActivity(clock);
}

class RequestActivity implements Activity {
  readonly #clock: Clock;
  #running = 0;
  #lastEnd: number;
  #timer: Timer | undefined;

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

  untilIdle(idleMs: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        const idle = this.#running > 0 ? 0 : this.#clock.monotonic() - this.#lastEnd;
        if (idle >= idleMs) return resolve();
        this.#timer = this.#clock.after(idleMs - idle, check, { keepAlive: true });
      };
      check();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
