import type { TailItem } from '../contracts/vigilant';
import type { TailReader } from './tail-hub';

/** Makes an async iterator of a reader; leaving the loop, the signal and the end of the hub all end it. */
export function tailIterator(reader: TailReader, signal?: AbortSignal): AsyncIterableIterator<TailItem> {
  const leave = (): void => {
    signal?.removeEventListener('abort', leave);
    reader.leave();
  };
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted) leave();
  let turns: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const result = turns.then(async (): Promise<IteratorResult<TailItem>> => {
        const value = await reader.next();
        if (value !== undefined) return { value, done: false };
        leave();
        return { value: undefined, done: true };
      });
      turns = result.catch(() => {});
      return result;
    },
    async return() {
      leave();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
