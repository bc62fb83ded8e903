import { yieldToEventLoop } from './clock';

/** Bytes of a slice. */
const SLICE_BYTES = 128 * 1024;

/** Divides the encoding or decoding of many events into slices, between which other work of the process runs. */
export interface WorkSlicer {
  /** Counts the encoded bytes of finished work. Returns a promise to await at the end of a slice. */
  count(bytes: number): Promise<void> | undefined;
}

/** Creates the slicer of one operation. */
export function createWorkSlicer(): WorkSlicer {
  return new EventLoopSlicer();
}

class EventLoopSlicer implements WorkSlicer {
  #bytes = 0;

  count(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < SLICE_BYTES) return undefined;
    this.#bytes = 0;
    return yieldToEventLoop();
  }
}
