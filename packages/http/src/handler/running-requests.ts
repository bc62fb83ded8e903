import type { Clock } from '@vigilant/core';
import { sharedSignal, withTimeout } from '@vigilant/core/adapter';

/** A request whose response is not complete. */
export interface RunningRequest {
  /** Aborted when the client disconnects, and when the handler stops waiting for the request. */
  readonly signal: AbortSignal;
  end(): void;
}

/** The running requests of a handler. */
export interface RunningRequests {
  start(clientSignal: AbortSignal): RunningRequest;
  /** Waits up to `graceMs` until no request is running, then aborts the others with `reason`. */
  finish(graceMs: number, reason: Error): Promise<void>;
}

/** Creates the set of running requests. */
export function createRunningRequests(clock: Clock): RunningRequests {
  return new RequestSet(clock);
}

class RequestSet implements RunningRequests {
  readonly #clock: Clock;
  readonly #controllers = new Set<AbortController>();
  #onIdle: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(clientSignal: AbortSignal): RunningRequest {
    const controller = new AbortController();
    // A request may run many operations with this signal.
    sharedSignal(controller.signal);
    const abort = (): void => controller.abort(clientSignal.reason);
    if (clientSignal.aborted) abort();
    clientSignal.addEventListener('abort', abort, { once: true });
    this.#controllers.add(controller);
    return {
      signal: controller.signal,
      end: () => {
        clientSignal.removeEventListener('abort', abort);
        this.#controllers.delete(controller);
        if (this.#controllers.size === 0) this.#onIdle();
      },
    };
  }

  async finish(graceMs: number, reason: Error): Promise<void> {
    if (this.#controllers.size > 0) {
      const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
      await withTimeout(idle, { clock: this.#clock, timeoutMs: graceMs, onTimeout: () => {} });
    }
    for (const controller of [...this.#controllers]) controller.abort(reason);
  }
}
