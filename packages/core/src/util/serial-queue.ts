/** Runs operations one at a time, in the order of the calls. */
export interface SerialQueue {
  /** Runs an operation after all earlier ones have settled, and settles like it. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when every operation up to now has settled. */
  idle(): Promise<void>;
}

/** Creates a queue without operations. */
export function createSerialQueue(): SerialQueue {
  return new PromiseQueue();
}

class PromiseQueue implements SerialQueue {
  #last: Promise<void> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  idle(): Promise<void> {
    return this.#last;
  }
}
