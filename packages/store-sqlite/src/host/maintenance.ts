import type { Clock, Timer } from '@vigilant/core';
import type { Refreshed } from '../store/store-protocol';
import { QUIET_MS } from '../store/store-protocol';
import type { WorkerCall } from '../thread/worker-thread';

/** Interval of the checks while events are appended, in milliseconds. */
const CHECK_MS = 1_000;

/** The periodic checks of the files of a store. */
export interface Maintenance {
  stop(): void;
}

/** Starts to check the files periodically, and to seal rows. @param call - Calls a method of the writer. */
export function startMaintenance(clock: Clock, call: WorkerCall): Maintenance {
  const maintenance = new PeriodicMaintenance(clock, call);
  maintenance.schedule(CHECK_MS);
  return maintenance;
}

class PeriodicMaintenance implements Maintenance {
  readonly #clock: Clock;
  readonly #call: WorkerCall;
  #timer: Timer | undefined;
  #isStopped = false;
  #isSealing = false;

  constructor(clock: Clock, call: WorkerCall) {
    this.#clock = clock;
    this.#call = call;
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = this.#clock.after(delayMs, () => {
      this.#check().then(
        (isQuiet) => this.schedule(isQuiet ? QUIET_MS : CHECK_MS),
        () => this.schedule(CHECK_MS),
      );
    });
  }

  /** Returns whether the next check may be late. */
  async #check(): Promise<boolean> {
    const { isDue, isQuiet } = await this.#call<Refreshed>('refresh');
    // Not awaited: the files are also checked while rows are sealed.
    if (isDue && !this.#isSealing) void this.#seal();
    return isQuiet;
  }

  async #seal(): Promise<void> {
    this.#isSealing = true;
    await this.#call('maintain').catch(() => {});
    this.#isSealing = false;
  }
}
