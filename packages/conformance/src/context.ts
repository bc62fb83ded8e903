import { systemClock } from '@vigilant/core';
import { decodeExternalEvent, resolveDefaults, sharedSignal } from '@vigilant/core/adapter';
import type { AdapterContext, Clock, Diagnostic } from '@vigilant/core';

/** A context for adapters under test that records their use of it. */
export interface TestContext extends AdapterContext {
  /** Diagnostics of the adapter, in order. */
  readonly reported: readonly Diagnostic[];
  /** Number of timers that neither fired nor were cancelled. */
  readonly pendingTimers: number;
  /** Aborts `signal`, as the engine does when it stops waiting for `close`. */
  abort(): void;
}

/** Creates a context like that of an engine, with the system clock and the default limits. */
export function createTestContext(options: { readonly clock?: Clock } = {}): TestContext {
  const { clock, pendingTimers } = countTimers(options.clock ?? systemClock);
  const reported: Diagnostic[] = [];
  const controller = new AbortController();
  sharedSignal(controller.signal);
  const defaults = resolveDefaults({});
  return {
    clock,
    diagnostics: (diagnostic) => void reported.push(diagnostic),
    signal: controller.signal,
    decodeEvent: (bytes, position) => decodeExternalEvent(bytes, position, { defaults, now: clock.now }),
    reported,
    get pendingTimers() {
      return pendingTimers();
    },
    abort: () => controller.abort(),
  };
}

function countTimers(clock: Clock): { readonly clock: Clock; readonly pendingTimers: () => number } {
  const pending = new Set<object>();
  return {
    pendingTimers: () => pending.size,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after(delayMs, callback, options) {
        const key = {};
        const fire = (): void => {
          pending.delete(key);
          callback();
        };
        pending.add(key);
        const timer = clock.after(delayMs, fire, options);
        return {
          cancel() {
            pending.delete(key);
            timer.cancel();
          },
        };
      },
    },
  };
}
