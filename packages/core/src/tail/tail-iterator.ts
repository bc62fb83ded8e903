import type { TailItem } from '../contracts/vigilant';
import type { SerialQueue } from '../util/serial-queue';
import { createSerialQueue } from '../util/serial-queue';
import type { TailReader } from './tail-reader';

/** Creates the async iterator of a reader. It ends when the loop is left, the signal is aborted or the hub closes. */
export function createTailIterator(
  reader: TailReader,
  signal?: AbortSignal,
): AsyncIterableIterator<TailItem> {
  return new TailIterator(reader, signal);
}

class TailIterator implements AsyncIterableIterator<TailItem> {
  readonly #reader: TailReader;
  readonly #signal: AbortSignal | undefined;
  readonly #calls: SerialQueue = createSerialQueue();

  constructor(reader: TailReader, signal: AbortSignal | undefined) {
    this.#reader = reader;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#leave, { once: true });
    if (signal?.aborted) this.#leave();
  }

  next(): Promise<IteratorResult<TailItem>> {
    return this.#calls.run(async () => {
      const value = await this.#reader.next();
      if (value !== undefined) return { value, done: false };
      this.#leave();
      return { value: undefined, done: true };
    });
  }

  async return(): Promise<IteratorResult<TailItem>> {
    this.#leave();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #leave = (): void => {
    this.#signal?.removeEventListener('abort', this.#leave);
    this.#reader.leave();
  };
}
