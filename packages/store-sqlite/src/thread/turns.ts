import { yieldToEventLoop } from '@vigilant/core/adapter';

/**
 * Lets the queries of a thread take turns: in each turn of the event loop, one of them runs. So a message of the host, such as to
 * close, never waits for more than one of them, however many there are.
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
