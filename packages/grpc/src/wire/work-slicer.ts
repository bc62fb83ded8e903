/** Maximum bytes that are encoded or decoded in one turn of the event loop. */
const BYTES_PER_TURN = 128 * 1024;

/** Splits the work on a large message over turns of the event loop. */
export class Turns {
  #bytes = 0;

  /** Counts the bytes of some work. Returns a promise to await if the turn is used up. */
  spend(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < BYTES_PER_TURN) return undefined;
    this.#bytes = 0;
    return yieldToEventLoop();
  }
}

/** Resolves in a later turn of the event loop, so that other work of the process can run. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
