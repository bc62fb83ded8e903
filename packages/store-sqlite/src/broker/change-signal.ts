import type { Clock } from '@vigilant/core';
import { sharedSignal, sleep } from '@vigilant/core/adapter';

/** Notifies waiting callers of a change. */
export interface ChangeSignal {
  notify(): void;
  /** Resolves at the next change, when the signal aborts, or after a delay. */
  next(signal: AbortSignal, wake?: { readonly clock: Clock; readonly afterMs: number }): Promise<void>;
}

/** Creates a change signal. */
export function createChangeSignal(): ChangeSignal {
  const waiting = new Set<() => void>();
  return {
    notify() {
      for (const resolve of [...waiting]) resolve();
    },
    async next(signal, wake) {
      if (signal.aborted) return;
      const controller = new AbortController();
      const done = (): void => controller.abort();
      waiting.add(done);
      sharedSignal(signal)?.addEventListener('abort', done, { once: true });
      const changed = new Promise((resolve) =>
        controller.signal.addEventListener('abort', resolve, { once: true }),
      );
      if (wake === undefined) await changed;
      else await sleep(wake.clock, wake.afterMs, controller.signal).catch(() => {});
      waiting.delete(done);
      signal.removeEventListener('abort', done);
    },
  };
}
