/** A timer that was set. */
export interface Timer {
  /** Stops it; does nothing once it has fired. */
  cancel(): void;
}

/** Time, injected so that tests need no sleeps. */
export interface Clock {
  /** Milliseconds since the epoch; may step back when the system clock is set. */
  now(): number;
  /** Milliseconds from some start; never steps back. Intervals and back-off go by it. */
  monotonic(): number;
  /** Calls back once after a delay. The timer does not keep the process alive unless `keepAlive`. */
  after(delayMs: number, callback: () => void, options?: { readonly keepAlive?: boolean }): Timer;
}

const KEEP_ALIVE_MS = 24 * 3_600_000;

/** The clock of the system. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
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

/** Waits, or rejects with the signal's reason as soon as that is aborted. */
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

/** A clock that stands still until it is told to move; for tests. */
export interface ManualClock extends Clock {
  /** Moves on, calling what falls due in order, and lets pending promises run in between. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock alone, as an operator or NTP would. */
  setNow(ms: number): void;
  /** How many timers are set. */
  readonly pendingTimers: number;
}

/** Creates a clock that starts at the given wall time and moves only by `advance`. */
export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  let wall = startMs;
  let elapsed = 0;
  const timers = new Set<{ due: number; callback: () => void }>();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const move = (to: number): void => {
    wall += to - elapsed;
    elapsed = to;
  };
  return {
    now: () => wall,
    monotonic: () => elapsed,
    after(delayMs, callback) {
      const timer = { due: elapsed + delayMs, callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    async advance(ms) {
      const target = elapsed + ms;
      await settle();
      for (;;) {
        const next = [...timers].sort((a, b) => a.due - b.due)[0];
        if (next === undefined || next.due > target) break;
        timers.delete(next);
        move(Math.max(next.due, elapsed));
        next.callback();
        await settle();
      }
      move(target);
      await settle();
    },
    setNow(ms) {
      wall = ms;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}
