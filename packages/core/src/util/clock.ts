import { clearTimeout, monotonicNow, setImmediate, setTimeout } from './timers';

/** A pending timer. */
export interface Timer {
  /** Cancels the timer. Does nothing after it has fired. */
  cancel(): void;
}

/** Source of time. Injected, so that tests do not sleep. */
export interface Clock {
  /** Returns the wall time in milliseconds since the epoch. May step back when the system clock is set. */
  now(): number;
  /** Returns the milliseconds since an arbitrary start. Never steps back; used for intervals and back-off. */
  monotonic(): number;
  /** Calls back once after a delay in milliseconds. The timer keeps the process alive only with `keepAlive`. */
  after(delayMs: number, callback: () => void, options?: { readonly keepAlive?: boolean }): Timer;
}

const KEEP_ALIVE_MS = 24 * 3_600_000;

/** The system clock. Fake timers of a test runner replace only its wall time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: monotonicNow,
  after(delayMs, callback, options) {
    const handle = setTimeout(callback, Math.min(delayMs, 0x7fffffff));
    if (options?.keepAlive !== true) handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Keeps the process alive until the returned timer is cancelled. */
export function keepAlive(clock: Clock): Timer {
  let timer: Timer;
  const begin = (): void => {
    timer = clock.after(KEEP_ALIVE_MS, begin, { keepAlive: true });
  };
  begin();
  return { cancel: () => timer.cancel() };
}

/**
 * Resolves after a delay in milliseconds. Rejects with the reason of the signal when it is aborted first.
 *
 * @param options - `keepAlive` keeps the process alive meanwhile. @defaultValue false
 */
export function sleep(
  clock: Clock,
  delayMs: number,
  signal?: AbortSignal,
  options?: { readonly keepAlive?: boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(
      delayMs,
      () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      },
      options,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Resolves after pending I/O and timers have had a turn of the event loop. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock for tests that moves only through `advance` and `setNow`. */
export interface ManualClock extends Clock {
  /** Advances both times and calls the timers that fall due, in order. Pending promises run after each timer. */
  advance(ms: number): Promise<void>;
  /** Sets only the wall clock, as an administrator or NTP would. */
  setNow(ms: number): void;
  /** Number of timers that are set. */
  readonly pendingTimers: number;
}

/**
 * Creates a clock for tests.
 *
 * @param startMs - Initial wall time in milliseconds since the epoch.
 */
export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  return new TestClock(startMs);
}

/** Its functions are bound properties, because callers pass `clock.now` as a function. */
class TestClock implements ManualClock {
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  #wall: number;
  #elapsed = 0;

  constructor(startMs: number) {
    this.#wall = startMs;
  }

  readonly now = (): number => this.#wall;

  readonly monotonic = (): number => this.#elapsed;

  readonly after = (delayMs: number, callback: () => void): Timer => {
    const timer = { due: this.#elapsed + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  };

  async advance(ms: number): Promise<void> {
    const target = this.#elapsed + ms;
    await yieldToEventLoop();
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > target) break;
      this.#timers.delete(next);
      this.#moveTo(Math.max(next.due, this.#elapsed));
      next.callback();
      await yieldToEventLoop();
    }
    this.#moveTo(target);
    await yieldToEventLoop();
  }

  setNow(ms: number): void {
    this.#wall = ms;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  #moveTo(elapsed: number): void {
    this.#wall += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }
}
