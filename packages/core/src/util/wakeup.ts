/** Wakes a loop that waits for work. */
export interface Wakeup {
  /** Ends the current wait, or the next one if the loop is not waiting. Bound, so that it can be passed as a listener. */
  readonly wake: () => void;
  /** Waits until `wake` is called. Only one caller may wait at a time. */
  wait(): Promise<void>;
}

/** Creates a `Wakeup`. */
export function createWakeup(): Wakeup {
  return new LoopWakeup();
}

class LoopWakeup implements Wakeup {
  #isAwake = false;
  #resume: (() => void) | undefined;

  readonly wake = (): void => {
    this.#isAwake = true;
    this.#resume?.();
  };

  async wait(): Promise<void> {
    if (!this.#isAwake) await new Promise<void>((resolve) => (this.#resume = resolve));
    this.#resume = undefined;
    this.#isAwake = false;
  }
}
