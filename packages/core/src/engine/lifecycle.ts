import { VigilantError } from '../util/errors';

/** Phase of an engine. It only moves forward. */
export type Phase = 'running' | 'closing' | 'closed';

/** Tracks the phase of an engine and rejects calls that come too late. */
export interface Lifecycle {
  readonly phase: Phase;
  /** @throws {VigilantError} `VIGILANT_CLOSED` once the engine is closing. */
  checkRunning(): void;
  /** @throws {VigilantError} `VIGILANT_CLOSED` once the engine is closed. */
  checkNotClosed(): void;
  enter(phase: 'closing' | 'closed'): void;
}

/** Creates the lifecycle of an engine that is running. */
export function createLifecycle(): Lifecycle {
  return new EngineLifecycle();
}

class EngineLifecycle implements Lifecycle {
  #phase: Phase = 'running';

  get phase(): Phase {
    return this.#phase;
  }

  checkRunning(): void {
    if (this.#phase !== 'running') throw closedError();
  }

  checkNotClosed(): void {
    if (this.#phase === 'closed') throw closedError();
  }

  enter(phase: 'closing' | 'closed'): void {
    this.#phase = phase;
  }
}

/** Creates the error of a call that the engine no longer accepts. */
export function closedError(): VigilantError {
  return new VigilantError('VIGILANT_CLOSED', 'The engine is closed or closing. The call was rejected.');
}
