/** Lets one loop wait until somebody has work for it. A wake between two waits is remembered. */
export interface Wakeup {
  wake(): void;
  wait(): Promise<void>;
}

/** Creates a wakeup; only one waiter at a time. */
export function createWakeup(): Wakeup {
  let isAwake = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      isAwake = true;
      resume?.();
    },
    async wait() {
      if (!isAwake) await new Promise<void>((resolve) => (resume = resolve));
      resume = undefined;
      isAwake = false;
    },
  };
}
