import { setImmediate } from './timers';

/** Bytes of a slice. */
const SLICE_BYTES = 128 * 1024;

/**
 * Divides the encoding or decoding of many events into slices, between which other work of the process runs. Operations that
 * share a slicer share its slices: in each turn of the event loop, the next waiting operation continues.
 */
export interface WorkSlicer {
  /** Counts the encoded bytes of finished work. Returns a promise to await at the end of a slice. */
  count(bytes: number): Promise<void> | undefined;
}

/** Creates a slicer, for one operation or for several that run at once. */
export function createWorkSlicer(): WorkSlicer {
  return new EventLoopSlicer();
}

class EventLoopSlicer implements WorkSlicer {
  /** Operations that wait for the next slice. */
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;

  count(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < SLICE_BYTES) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#begin);
    });
  }

  readonly #begin = (): void => {
    this.#bytes = 0;
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#begin);
  };
}
