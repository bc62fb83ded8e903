import { yieldToEventLoop } from '@vigilant/core/adapter';

/**
 * Orders the queries of a thread so that one of them runs in each turn of the event loop. A message of the host, such as to close,
 * therefore waits for at most one of them.
 */
export interface Turns {
  /** Resolves when the caller may run, after those that have waited for longer. */
  next(): Promise<void>;
}

/** Creates turns. */
export function createTurns(): Turns {
  return new EventLoopTurns();
}

class EventLoopTurns implements Turns {
  /** Resolves when the next operation may run. */
  #free: Promise<void> = Promise.resolve();

  next(): Promise<void> {
    const turn = this.#free;
    this.#free = turn.then(yieldToEventLoop);
    return turn;
  }
}

/** The turns of this thread. */
export const turns = createTurns();
