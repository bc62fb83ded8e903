/** Bytes that are encoded or decoded in one turn of the event loop. */
const BYTES_PER_TURN = 128 * 1024;

/** Splits the work on a large message into turns of the event loop. */
export class Turns {
  #bytes = 0;

  /** Counts some work. Returns a promise to wait for when the turn is over. */
  spend(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < BYTES_PER_TURN) return undefined;
    this.#bytes = 0;
    return yieldToEventLoop();
  }
}

/** Lets other work of the process run. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
