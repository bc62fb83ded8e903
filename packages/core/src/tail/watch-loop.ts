import type { Broker } from '../contracts/broker';
import type { Event } from '../event/event';
import type { Clock } from '../util/clock';
import { sleep } from '../util/clock';

/** Pause before the watch is started again, in milliseconds. */
const RETRY_MS = 500;

/** Watches a broker, and starts the watch again after it has ended or failed. */
export interface WatchLoop {
  /** Identifies the current watch; `undefined` while there is none. */
  readonly current: object | undefined;
  /** Starts the loop, once. Resolves after the first attempt, whether it succeeded or not. */
  start(): Promise<void>;
}

/** Dependencies of a watch loop. */
export interface WatchLoopParts {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Ends the loop. */
  readonly signal: AbortSignal;
  readonly onEvents: (events: readonly Event[]) => void;
  /** Supplies the events that no watch delivered. Called after a watch has ended, and before the events of the next one. */
  readonly catchUp: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Creates a loop that is not started. */
export function createWatchLoop(parts: WatchLoopParts): WatchLoop {
  return new RetriedWatch(parts);
}

class RetriedWatch implements WatchLoop {
  readonly #parts: WatchLoopParts;
  #started: Promise<void> | undefined;
  #current: object | undefined;

  constructor(parts: WatchLoopParts) {
    this.#parts = parts;
  }

  get current(): object | undefined {
    return this.#current;
  }

  start(): Promise<void> {
    return (this.#started ??= new Promise((resolve) => void this.#run(resolve)));
  }

  async #run(onFirst: () => void): Promise<void> {
    const { clock, signal, catchUp, onFailure } = this.#parts;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      try {
        await this.#watch(isFirst, onFirst);
      } catch (error) {
        if (!signal.aborted) onFailure(error);
      }
      onFirst();
      const hasEnded = this.#current !== undefined;
      this.#current = undefined;
      if (hasEnded && !signal.aborted) await catchUp();
      await sleep(clock, RETRY_MS, signal).catch(() => {});
    }
    // The loop never runs if the last tail ended while the adapters were opening.
    onFirst();
  }

  async #watch(isFirst: boolean, onFirst: () => void): Promise<void> {
    const { broker, signal, catchUp, onEvents } = this.#parts;
    const batches = await broker.watch({ signal });
    this.#current = {};
    onFirst();
    // Events from the time without a watch come before the events of this one.
    if (!isFirst) await catchUp();
    for await (const events of batches) onEvents(events);
  }
}
